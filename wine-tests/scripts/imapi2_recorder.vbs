' Recorders as scripts see them. Prints "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2_recorder.vbs
Option Explicit
Dim master, recorder, again, id, count, i, list, item, found

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

Set master = CreateObject("IMAPI2.MsftDiscMaster2")
Check "a recorder is there", master.Count >= 1
Check "the environment is supported", master.IsSupportedEnvironment = True
count = 0
For Each id In master
    Check "item " & count & " by number", master.Item(count) = id
    Check "item " & count & " by the default member", master(count) = id
    count = count + 1
Next
Check "as many items as counted", count = master.count

Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2.1")
recorder.InitializeDiscRecorder master.Item(count - 1)
Check "the id is given back", recorder.ActiveDiscRecorder = master.Item(count - 1)
Check "the vendor has a name", Len(recorder.vendorid) > 0
Check "the product has a name", Len(recorder.ProductId) > 0
Check "the revision has a name", Len(recorder.ProductRevision) > 0
Check "the tray closes by itself", recorder.DeviceCanLoadMedia = True
Check "the legacy number is a number", recorder.LegacyDeviceNumber >= 0
Check "mount points are an array", UBound(recorder.VolumePathNames) >= -1

found = False
list = recorder.SupportedProfiles
For i = LBound(list) To UBound(list)
    If list(i) = &H9 Then found = True
Next
Check "the drive knows CD-R", found
found = False
For Each item In recorder.CurrentProfiles
    If item = &H1B Then found = True
Next
Check "the disc is a DVD+R", found
Check "there are features", UBound(recorder.SupportedFeaturePages) > UBound(recorder.CurrentFeaturePages)
Check "there are mode pages", UBound(recorder.SupportedModePages) >= 1

Check "nobody holds the drive", recorder.ExclusiveAccessOwner = ""
recorder.AcquireExclusiveAccess True, "a script"
Check "the script holds the drive", recorder.ExclusiveAccessOwner = "a script"
recorder.ReleaseExclusiveAccess
Check "nobody holds the drive again", recorder.ExclusiveAccessOwner = ""
recorder.DisableMcn
recorder.EnableMcn
recorder.EjectMedia
recorder.CloseTray

' What fails tells the script why.
On Error Resume Next
Set again = CreateObject("IMAPI2.MsftDiscRecorder2")
again.InitializeDiscRecorder "no such drive"
Check "an unknown drive has its number", Err.Number = &H80070037
Check "an unknown drive is named in the text", InStr(Err.Description, "no such drive") > 0
Err.Clear
recorder.ReleaseExclusiveAccess
Check "a release too many has its number", Err.Number = &H80004005
Err.Clear
id = master.Item(1000)
Check "an item too many is a bad argument", Err.Number <> 0
Err.Clear
WScript.Echo "Done."
WScript.Quit 0
