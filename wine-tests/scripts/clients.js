// The habits of JScript programs on both libraries: Enumerator, VBArray, puts (JScript knows no Set), reads in call syntax, errors
// as exceptions, a stream and an array handed on. Needs a recorder with a blank disc. Prints "ok NAME" for each check, and at last
// "Done.": script hosts hide what goes wrong.
// cscript //nologo clients.js FOLDER
function check(name, condition)
{
    WScript.Echo((condition ? "ok " : "FAILED ") + name);
}

// The number and the text of what a call throws; 0 when it throws nothing.
function failure(call)
{
    try
    {
        call();
    }
    catch (e)
    {
        return { number: e.number >>> 0, description: String(e.description) };
    }
    return { number: 0, description: "" };
}

var master = new ActiveXObject("IMAPI2.MsftDiscMaster2.1");
var recorder = new ActiveXObject("IMAPI2.MsftDiscRecorder2");
var writer = new ActiveXObject("IMAPI2.MsftDiscFormat2Data");
var image = new ActiveXObject("IMAPI2FS.MsftFileSystemImage");
var count, list, e, error, root, result, stream;

check("a count", master.Count >= 1);
check("an item by the default member", master(0) == master.Item(0));
count = 0;
for (e = new Enumerator(master); !e.atEnd(); e.moveNext())
{
    check("recorder " + count + " by enumeration", e.item() == master.Item(count));
    count++;
}
check("all recorders were enumerated", count == master.Count);
e.moveFirst();
check("the enumeration starts again", e.item() == master(0));
check("a switch is a boolean", master.IsSupportedEnvironment === true);

recorder.InitializeDiscRecorder(master(0));
list = new VBArray(recorder.SupportedProfiles).toArray();
check("an array of profiles", list.length >= 1 && typeof list[0] == "number");
check("an array's dimensions", new VBArray(recorder.SupportedProfiles).dimensions() == 1 &&
    new VBArray(recorder.SupportedProfiles).lbound(1) == 0);

writer.Recorder = recorder;
check("an object put", writer.Recorder.ActiveDiscRecorder == master(0));
writer.ClientName = "clients.js";
check("a text put", writer.ClientName == "clients.js");
writer.ForceMediaToBeClosed = true;
check("a switch put", writer.ForceMediaToBeClosed === true);
writer.ForceMediaToBeClosed = 0;
check("a switch put as a number", writer.ForceMediaToBeClosed === false);
image.FreeMediaBlocks = 12345.0;
check("a number put", image.FreeMediaBlocks === 12345);
image.FreeMediaBlocks = 0;

image.ChooseImageDefaults(recorder);
image.FileSystemsToCreate = 7;      // xorriso, which looks at the disc, knows no UDF
image.VolumeName = "Clients";
root = image.Root;
root.AddTree(WScript.Arguments(0), false);
count = 0;
for (e = new Enumerator(root); !e.atEnd(); e.moveNext())
    if (root(e.item().Name).FullPath == e.item().FullPath) count++;
check("the items of the root", count == root.Count && count >= 2);
result = image.CreateResultImage();
count = 0;
for (e = new Enumerator(result.ProgressItems); !e.atEnd(); e.moveNext()) count++;
check("the progress items", count == result.ProgressItems.Count && count >= 2);

stream = result.ImageStream;
e = root = result = image = null;
CollectGarbage();
writer.Write(stream);
check("the disc is burned", (writer.CurrentMediaStatus & 2) == 0);

image = new ActiveXObject("IMAPI2FS.MsftFileSystemImage");
error = failure(function () { image.MultisessionInterfaces = writer.MultisessionInterfaces; });
check("an array handed on is understood", error.number == 0 || error.number == 0xC0AAB15C);
error = failure(function () { return master(master.Count); });
check("an item too many has a number", error.number == 0x80070057);
check("an item too many has a text", error.description.length > 5);
error = failure(function () { writer.ClientName = "bad/name"; });
check("a bad name has the documented number", error.number == 0xC0AA0408);
check("a bad name has a text", error.description.length > 20);
error = failure(function () { writer.Recorder = image; });
check("an object of another kind is refused", error.number != 0);
check("the one before stays", writer.Recorder.ActiveDiscRecorder == master(0));
WScript.Echo("Done.");
WScript.Quit(0);
