' The image manager as scripts see it. Prints "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2fs_iso_manager.vbs IMAGE OTHER
' IMAGE is an image of a disc, OTHER a file that is none and whose length is no multiple of 2048.
Option Explicit
Dim manager, second, stream, code

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

' The code of a failure, 0 for none.
Function Validate(manager)
    On Error Resume Next
    manager.Validate
    Validate = Err.Number
End Function

Function SetPath(manager, path)
    On Error Resume Next
    manager.SetPath path
    SetPath = Err.Number
End Function

Set manager = CreateObject("IMAPI2FS.MsftIsoImageManager")
Check "without an image there is nothing to check", Validate(manager) = &HC0AAB202
Check "a path to nothing is refused", SetPath(manager, WScript.Arguments(0) & ".nothing") = &HC0AAB110
Check "an image is taken by its path", SetPath(manager, WScript.Arguments(0)) = 0
Check "the path is kept", manager.Path = WScript.Arguments(0)
Check "the image is good", Validate(manager) = 0

Set second = CreateObject("IMAPI2FS.MsftIsoImageManager.1")
stream = manager.Stream
second.SetStream stream
Check "a stream has no path", second.Path = ""
Check "a stream is good", Validate(second) = 0

Check "any file is taken", SetPath(manager, WScript.Arguments(1)) = 0
Check "a file that is no image is told by its length", Validate(manager) = &HC0AAB200
Check "the other manager keeps its stream", Validate(second) = 0
WScript.Echo "Done."
