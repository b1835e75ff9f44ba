' Sessions as scripts make them: a first one, then import, add, burn. Prints "ok NAME" for each check, "start NUMBER" for each
' session, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2fs_sessions.vbs FOLDER MORE FILESYSTEMS
' FOLDER holds random.bin (3001000 bytes) and "sub folder" with some files, MORE other.bin. The disc in the first recorder is blank.
Option Explicit
Dim master, recorder, writer, image, result, kinds, used, kind, item, blocks, sessions, id, before, ranges

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

kinds = CLng(WScript.Arguments(2))
Set master = CreateObject("IMAPI2.MsftDiscMaster2")
Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
recorder.InitializeDiscRecorder master.Item(0)
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")
writer.Recorder = recorder
writer.ClientName = "a script"
writer.DisableConsumerDvdCompatibilityMode = True

' Programs do this with any disc: import when there is something, start anew when not.
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
Check "no objects yet", UBound(image.MultisessionInterfaces) = -1
If writer.MediaHeuristicallyBlank Then
    image.ChooseImageDefaults recorder
    image.FileSystemsToCreate = kinds
    image.VolumeName = "SESSION_ONE"
End If
image.Root.AddTree WScript.Arguments(0), False
Set result = image.CreateResultImage
Check "nothing was imported", result.DiscId = "0000000000000000"
writer.Write result.ImageStream
WScript.Echo "start " & image.SessionStartBlock
Set result = Nothing

Check "the disc is not blank any more", Not writer.MediaHeuristicallyBlank
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
image.MultisessionInterfaces = writer.MultisessionInterfaces
sessions = image.MultisessionInterfaces
Check "the objects come back", UBound(sessions) = 1 And TypeName(sessions(0)) <> "Empty"
kind = image.ImportFileSystem
Check "the newest file system is taken", kind = image.GetDefaultFileSystemForImport(kinds)
Check "the set is that of the disc", image.FileSystemsToCreate = kinds And image.IdentifyFileSystemsOnDisc(recorder) = kinds
Check "the recorder is known", image.IdentifyFileSystemsOnDisc(Nothing) = kinds
Check "it can be appended to", image.ProbeSpecificFileSystem(kind)
Check "the name of the old session", image.ImportedVolumeName = "SESSION_ONE"
Check "files are there", image.Exists("\random.bin") = 2 And image.Exists("\sub folder") = 1
Check "a size", image.Root.Item("random.bin").DataSize = 3001000
used = image.UsedBlocks
image.Root.AddTree WScript.Arguments(1), False
Check "only new files take blocks", image.UsedBlocks > used
Set item = image.CreateFileItem("renamed.bin")
item.Data = image.Root.Item("random.bin").Data
used = image.UsedBlocks
image.Root.Add item
image.Root.Remove "random.bin"
Check "a renamed file takes none", image.UsedBlocks - used < 1000
image.VolumeName = "SESSION_TWO"
On Error Resume Next
image.FileSystemsToCreate = 7 - kinds
Check "the set is fixed", Err.Number = &HC0AAB163 Or Err.Number = &HC0AAB101
Err.Clear
image.SessionStartBlock = 1
Check "the start is fixed", Err.Number <> 0
Err.Clear
On Error GoTo 0
id = image.CalculateDiscIdentifier
Set result = image.CreateResultImage
Check "the disc is known", result.DiscId = id And Len(id) = 16
If image.SessionStartBlock = 0 Then
    ranges = result.ModifiedBlocks.BlockRanges
    Check "two ranges", UBound(ranges) = 1
    Check "the anchor is last", ranges(1).StartLba = 256
Else
    before = 0
    On Error Resume Next
    Set blocks = result.ModifiedBlocks
    before = Err.Number
    On Error GoTo 0
    Check "all of it is new", before = &H80004001
End If
writer.Write result.ImageStream
WScript.Echo "start " & image.SessionStartBlock
Set result = Nothing
Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
image.MultisessionInterfaces = writer.MultisessionInterfaces
Check "another disc by now", image.CalculateDiscIdentifier <> id
image.ImportSpecificFileSystem kind
Check "all files are there", image.Exists("\renamed.bin") = 2 And image.Exists("\other.bin") = 2 And image.Exists("\random.bin") = 0
WScript.Echo "Done."
WScript.Quit 0
