' Images as scripts see them. Prints "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2fs_image.vbs FOLDER
' FOLDER holds random.bin (3001000 bytes) and "sub folder" with some files. The image goes onto the disc in the first recorder.
Option Explicit
Dim image, root, item, items, result, stream, writer, recorder, master, folder, names, point, count, found, blocks

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

folder = WScript.Arguments(0)
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
Check "the other name leads to the same class", TypeName(CreateObject("IMAPI2.MsftFileSystemImage")) = TypeName(image)
Check "a fresh image has room for a CD", image.FreeMediaBlocks = 332800
Check "all file systems are supported", image.FileSystemsSupported = 7 And image.FileSystemsToCreate = 7
Check "an empty image has its size", image.UsedBlocks = 528
image.ChooseImageDefaultsForMediaType 6
Check "a DVD+R has more room", image.FreeMediaBlocks = 2295104
Check "and is for UDF", image.FileSystemsToCreate = 4
image.FileSystemsToCreate = 7
image.VolumeName = "Script_Volume"
Check "the name is derived", image.VolumeNameISO9660 = "SCRIPT_VOLUME" And image.volumenamejoliet = "Script_Volume"
Check "two levels", UBound(image.ISO9660InterchangeLevelsSupported) = 1
Check "UDF revisions", UBound(image.UDFRevisionsSupported) = 5 And image.UDFRevision = 258

Set root = image.Root
root.AddTree folder, False
Check "files are counted", image.FileCount > 3
Check "directories are counted", image.DirectoryCount = 2
Check "a tree is one change", image.ChangePoint = 1
Check "a file is there", image.Exists("\RANDOM.bin") = 2
Check "a directory is there", image.Exists("/sub folder") = 1
Check "nothing is there", image.Exists("\nothing") = 0

root.AddDirectory "made"
Set item = image.CreateFileItem("copy.bin")
item.Data = root.Item("random.bin").Data
Check "a size in halves", item.DataSize32BitLow = 3001000 And item.DataSize32BitHigh = 0
root("made").Add item
root.AddFile "made\again.bin", root.Item("random.bin").Data
Check "the default member and a path", root("made")("copy.bin").FullPath = "\made\copy.bin"
Check "a collection counts", root.Item("made").Count = 2
names = ""
For Each item In root.Item("made")
    names = names & item.Name & ";"
Next
Check "For Each gives items", names = "copy.bin;again.bin;"
Set item = root("made")("again.bin")
item.LastModifiedTime = #2/3/2001 4:05:06 AM#
Check "a time is kept", item.LastModifiedTime = #2/3/2001 4:05:06 AM#
item.IsHidden = True
Check "an attribute is kept", item.IsHidden
Check "a name in ISO9660", item.FileSystemName(1) = "AGAIN.BIN"
point = image.ChangePoint
root.RemoveTree "made"
Check "a tree is gone", image.Exists("\made") = 0
image.RollbackToChangePoint point
Check "a tree is back", image.Exists("\made\again.bin") = 2

On Error Resume Next
root.AddDirectory "made"
Check "a taken name has its number", Err.Number = &HC0AAB112
Check "a taken name is named in the text", InStr(Err.Description, "made") > 0
Check "the source of an error", Len(Err.Source) > 0
Err.Clear
image.FileSystemsToCreate = 6
Check "Joliet without ISO9660 is refused", Err.Number = &HC0AAB101
Check "the parameter stands in quotes", InStr(Err.Description, "'newVal'") > 0
Err.Clear
root.AddTree folder & "\not there", True
Check "a missing folder is the system's error", Err.Number = &H80070002
Err.Clear
On Error GoTo 0

Set result = image.CreateResultImage
stream = result.ImageStream
blocks = result.TotalBlocks
Check "blocks of 2048", result.BlockSize = 2048 And blocks = image.UsedBlocks
Check "no disc was imported", result.DiscId = "0000000000000000"
Set items = result.ProgressItems
found = 0
count = 0
For Each item In items
    count = count + 1
    If item.Description = "\made\copy.bin" Then found = item.FirstBlock
Next
Check "For Each gives all progress items", count = items.Count
Check "a block leads to its file", items.ProgressItemFromBlock(found).Description = "\made\copy.bin"
Check "a file leads to its blocks", items.ProgressItemFromDescription("\made\COPY.bin").Description = "\made\copy.bin"
On Error Resume Next
root.AddDirectory "late"
Check "the image is read-only now", Err.Number = &HC0AAB102
Err.Clear
On Error GoTo 0

Set master = CreateObject("IMAPI2.MsftDiscMaster2")
Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
recorder.InitializeDiscRecorder master.Item(0)
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")
writer.Recorder = recorder
writer.ClientName = "a script"
writer.ForceMediaToBeClosed = True
writer.Write stream
Check "the disc is written", True
Set stream = Nothing
Set result = Nothing
Set items = Nothing
Set item = Nothing
WScript.Echo "Done."
WScript.Quit 0
