' Burns a folder onto the disc in the first recorder, the way that scripts for Windows do it.
' cscript //nologo demo.vbs FOLDER [VOLUME]
Option Explicit
Dim master, recorder, image, root, result, stream, writer, i, path, volume, started

If WScript.Arguments.Count < 1 Then
    WScript.Echo "usage: cscript //nologo demo.vbs FOLDER [VOLUME]"
    WScript.Quit 2
End If
path = WScript.Arguments(0)
volume = "DEMO"
If WScript.Arguments.Count > 1 Then volume = WScript.Arguments(1)

Set master = CreateObject("IMAPI2.MsftDiscMaster2")
WScript.Echo "Recorders: " & master.Count
If master.Count = 0 Then WScript.Quit 3
For i = 0 To master.Count - 1
    Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
    recorder.InitializeDiscRecorder master.Item(i)
    WScript.Echo "  " & i & ": " & Trim(recorder.VendorId) & " " & Trim(recorder.ProductId) & " " & recorder.ProductRevision
Next

Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
recorder.InitializeDiscRecorder master.Item(0)
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")
writer.Recorder = recorder
writer.ClientName = "openimapi demo"
If Not writer.IsCurrentMediaSupported(recorder) Then
    WScript.Echo "The disc in the recorder cannot be written."
    WScript.Quit 4
End If
WScript.Echo "Medium: type " & writer.CurrentPhysicalMediaType & ", state " & writer.CurrentMediaStatus & _
    ", free sectors " & writer.FreeSectorsOnMedia

Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
image.ChooseImageDefaults recorder
image.FileSystemsToCreate = 7      ' beside UDF, which is the default here, what every system reads
image.VolumeName = volume
Set root = image.Root
root.AddTree path, False
WScript.Echo "Image: " & image.FileCount & " files, " & image.DirectoryCount & " directories"
Set result = image.CreateResultImage
stream = result.ImageStream
WScript.Echo "Image: " & result.TotalBlocks & " blocks of " & result.BlockSize & " bytes"

' A host that can bind events shows progress; one that cannot goes on without.
On Error Resume Next
WScript.ConnectObject writer, "Writer_"
Err.Clear
On Error GoTo 0

started = Timer
writer.ForceMediaToBeClosed = True
writer.Write stream
WScript.Echo "Burned in " & FormatNumber(Timer - started, 1) & " s; the disc is now in state " & writer.CurrentMediaStatus
WScript.Echo "Done."
WScript.Quit 0

Sub Writer_Update(sender, progress)
    If progress.CurrentAction = 4 Then
        WScript.Echo "  written " & progress.LastWrittenLba - progress.StartLba & " of " & progress.SectorCount
    End If
End Sub
