' A data disc burned by a script: properties, lists, multi-session objects, the burn itself, errors with their texts. Prints
' "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2_writer.vbs FOLDER
Option Explicit
Dim master, recorder, writer, image, result, stream, sessions, session, speed, speeds, i, types, found, room, start

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

Set master = CreateObject("imapi2.msftdiscmaster2")
Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
recorder.InitializeDiscRecorder master.Item(master.Count - 1)
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")

Check "no name before one is set", writer.ClientName = ""
Check "the fastest speed is asked for", writer.RequestedWriteSpeed = -1
found = False
types = writer.SupportedMediaTypes
For i = LBound(types) To UBound(types)
    If types(i) = 6 Then found = True
Next
Check "DVD+R is supported", found

On Error Resume Next
i = writer.CurrentPhysicalMediaType
Check "a recorder is required", Err.Number = &HC0AA0003
Check "the text says so", InStr(Err.Description, "recorder") > 0
Err.Clear
writer.ClientName = "bad/name"
Check "a bad name is refused", Err.Number = &HC0AA0408
Err.Clear
On Error GoTo 0

writer.Recorder = recorder
Set writer.Recorder = recorder
Check "the recorder is given back", writer.Recorder.ProductId = recorder.ProductId
writer.ClientName = "a script"
Check "the name is kept", writer.ClientName = "a script"
Check "the recorder is supported", writer.IsRecorderSupported(recorder)
Check "the disc is supported", writer.IsCurrentMediaSupported(recorder)
Check "the disc is a DVD+R", writer.CurrentPhysicalMediaType = 6
Check "the disc is blank", (writer.CurrentMediaStatus And 2) <> 0
Check "the disc is physically blank", writer.MediaPhysicallyBlank
Check "the disc looks blank", writer.MediaHeuristicallyBlank
room = writer.FreeSectorsOnMedia
Check "there is room", room > 2000000 And room <= writer.TotalSectorsOnMedia

speeds = writer.SupportedWriteSpeeds
Check "there are speeds", UBound(speeds) >= 0
For Each speed In writer.SupportedWriteSpeedDescriptors
    Check "a speed of " & speed.WriteSpeed, speed.WriteSpeed >= 680 And speed.MediaType = 6
Next
' The values are unsigned, with which scripts cannot reckon as they are.
speed = CLng(speeds(UBound(speeds)))
writer.SetWriteSpeed speeds(UBound(speeds)), False
Check "the speed is set", writer.CurrentWriteSpeed = speed
Check "the speed was requested", writer.requestedWRITEspeed = speed

writer.ForceMediaToBeClosed = 0
writer.DisableConsumerDvdCompatibilityMode = True
Check "a switch is kept", writer.DisableConsumerDvdCompatibilityMode = True

Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
image.ChooseImageDefaults recorder
image.FileSystemsToCreate = 7      ' xorriso, which looks at the disc, knows no UDF
image.Root.AddTree WScript.Arguments(0), False
Set result = image.CreateResultImage
stream = result.ImageStream
writer.Write stream
WScript.Echo "written"

Check "the disc is not blank", (writer.CurrentMediaStatus And 2) = 0
Check "the disc is appendable", (writer.CurrentMediaStatus And 4) <> 0
start = writer.NextWritableAddress
Check "the next session follows", start >= result.TotalBlocks
sessions = writer.MultisessionInterfaces
found = False
For Each session In sessions
    If session.IsSupportedOnCurrentMediaState Then
        found = True
        session.InUse = True
        Check "the sequential kind suits the disc", session.NextWritableAddress = start
        Check "the first session is known", session.StartAddressOfPreviousSession = 0
        Check "the first data session is written", session.IsFirstDataSession = False
        Check "its recorder is that of the writer", session.ImportRecorder.ProductId = recorder.ProductId
    End If
Next
Check "a session can follow", found

On Error Resume Next
writer.Write Nothing
Check "no stream is no burn", Err.Number <> 0
Err.Clear
writer.CancelWrite
Check "there is nothing to cancel", Err.Number = &HC0AA0401
Err.Clear
writer.Recorder = Nothing
writer.Write stream
Check "no recorder is no burn", Err.Number <> 0
Err.Clear
WScript.Echo "Done."
WScript.Quit 0
