' The habits of VBScript programs on both libraries: names with and without version and in any letter case, puts with and without
' Set, reads in call syntax, numbers of other types, lists, default members, a stream and an array handed on. Needs a recorder
' with a blank disc. Prints "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo clients.vbs FOLDER
Option Explicit
Dim master, recorder, writer, image, root, result, stream, item, again, count, names, i, list, name

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

' Names of classes.
For Each name In Array("MsftDiscMaster2", "MsftDiscRecorder2", "MsftDiscFormat2Data")
    Set item = CreateObject("IMAPI2." & name)
    Check name, IsObject(item)
    Set item = CreateObject("imapi2." & LCase(name) & ".1")
    Check name & " with a version", IsObject(item)
Next
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage.1")
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
Set master = CreateObject("IMAPI2.MsftDiscMaster2")
Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")
Check "a type name", TypeName(master) <> "Object" And TypeName(master) <> ""

' Lists of recorders, in every way.
Check "count in call syntax", master.Count() = master.COUNT And master.count >= 1
Check "an item by the default member", master(0) = master.Item(0)
Check "an index as a number of 16 bits", master(CInt(0)) = master.Item(CLng(0))
Check "an index as text", master.Item("0") = master(0)
Check "an index with a fraction", master.Item(0.0) = master(0)
count = 0
For Each name In master
    Check "recorder " & count & " by enumeration", name = master(count)
    count = count + 1
Next
Check "all recorders were enumerated", count = master.Count
recorder.INITIALIZEdiscRECORDER master(0)

' Puts of objects, with and without Set, and of nothing.
writer.Recorder = recorder
Check "an object put", writer.Recorder.ActiveDiscRecorder = master(0)
writer.Recorder = Nothing
Set writer.Recorder = recorder
Check "an object put with Set", writer.recorder().ActiveDiscRecorder() = master(0)
Set again = writer.Recorder
Check "the object is the same", again Is recorder
list = Array(recorder)
writer.Recorder = list(0)
Check "an object out of an array", writer.Recorder Is recorder

' Puts of texts, numbers and switches of other types.
writer.ClientName = "clients.vbs"
Check "a text", writer.ClientName() = "clients.vbs"
writer.ClientName = 12345
Check "a number as text", writer.ClientName = "12345"
writer.ClientName = "clients.vbs"
For Each item In Array(True, 1, -1, CLng(1), "True")
    writer.ForceMediaToBeClosed = False
    writer.ForceMediaToBeClosed = item
    Check "a switch by " & TypeName(item), writer.ForceMediaToBeClosed = True
Next
For Each item In Array(False, 0, CLng(0), CByte(0), Empty)
    writer.ForceMediaToBeClosed = True
    writer.ForceMediaToBeClosed = item
    Check "no switch by " & TypeName(item), writer.ForceMediaToBeClosed = False
Next
image.FileSystemsToCreate = 3       ' with UDF an image has more than 200 blocks
For Each item In Array(1000, CLng(1000), CByte(200), 1000.0, "1000", -1, 0)
    image.FreeMediaBlocks = item
    Check "a number by " & TypeName(item), image.FreeMediaBlocks = CLng(item)
Next

' Letter case, and values that stay.
image.ChooseImageDefaults recorder
image.volumename = "Clients"
image.FileSystemsToCreate = 3
Check "a name in another letter case", image.VOLUMENAME = "Clients"
Check "a number from an enumeration", image.filesystemstocreate = 3

' A tree, its default members and its enumeration.
Set root = image.Root
root.AddTree WScript.Arguments(0), False
root.AddDirectory "Made"
Check "an item by its path", root.Item("Made").Name = "Made"
Check "an item by the default member", root("Made").FullPath = "\Made"
count = 0
For Each item In root
    If root(item.Name).Name = item.Name Then count = count + 1
Next
Check "the items of the root", count = root.Count And count >= 3
Check "a name that is there", image.Exists("\Made") = 1
Check "a name that is not there", image.Exists("\nowhere") = 0

' The result: its own lists, its stream, and the stream handed on.
Set result = image.CreateResultImage()
count = 0
For Each item In result.ProgressItems
    If CLng(item.FirstBlock) <= CLng(item.LastBlock) Then count = count + 1
Next
Check "the progress items", count = result.ProgressItems.Count And count >= 3
Check "a progress item by number", result.ProgressItems(1).Description = result.ProgressItems.ProgressItemFromBlock( _
    result.ProgressItems(1).FirstBlock).Description
stream = Empty
Set stream = result.ImageStream
Set result = Nothing
Set image = Nothing
Set root = Nothing
Set item = Nothing
writer.Write stream
Check "a stream that is all that is left of the image is burned", (writer.CurrentMediaStatus And 2) = 0

' An array handed on, from one library to the other.
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
Check "multi-session objects", UBound(writer.MultisessionInterfaces) >= 0
On Error Resume Next
image.MultisessionInterfaces = writer.MultisessionInterfaces
' Either it serves, or it is told why not; but it is understood.
Check "an array handed on is understood", Err.Number = 0 Or Err.Number = &HC0AAB15C
Err.Clear
list = writer.MultisessionInterfaces
image.MultisessionInterfaces = list
Check "an array in a variable too", Err.Number = 0 Or Err.Number = &HC0AAB15C
Err.Clear
image.MultisessionInterfaces = Array(1, 2)
Check "an array of numbers is refused", Err.Number = &HC0AAB162
Check "and it says why", Len(Err.Description) > 20
Err.Clear

' What does not fit.
writer.Recorder = image
Check "an object of another kind is refused", Err.Number <> 0
Err.Clear
Check "the one before stays", writer.Recorder Is recorder
writer.ClientName = Nothing
Check "nothing is no text", Err.Number <> 0
Err.Clear
image.FreeMediaBlocks = "many"
Check "a text that is no number is refused", Err.Number = 13
Err.Clear
writer.NoSuchMember = 1
Check "an unknown member", Err.Number = 438
Err.Clear
i = master(master.Count)
Check "an item too many has a number", Err.Number = &H80070057
Check "an item too many has a text", Len(Err.Description) > 5
Check "an item too many has a source", InStr(1, Err.Source, "IMAPI2", 1) > 0
Err.Clear
WScript.Echo "Done."
WScript.Quit 0
