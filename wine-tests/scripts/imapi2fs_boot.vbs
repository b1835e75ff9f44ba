' A disc that boots by BIOS and by UEFI, as scripts that set up systems make it, then imported into a new image. Prints
' "ok NAME" for each check, and at last "Done.": script hosts hide what goes wrong.
' cscript //nologo imapi2fs_boot.vbs FOLDER FILESYSTEMS
' FOLDER holds bios.bin and efi.img (1.44 MB). The image goes onto the disc in the first recorder.
Option Explicit
Dim folder, source, image, bios, efi, single, options, element, result, writer, recorder, master, again

Sub Check(name, condition)
    If condition Then
        WScript.Echo "ok " & name
    Else
        WScript.Echo "FAILED " & name
    End If
End Sub

folder = WScript.Arguments(0)
Set source = CreateObject("IMAPI2FS.MsftFileSystemImage")
source.Root.AddTree folder, False

Set bios = CreateObject("IMAPI2FS.BootOptions")
bios.AssignBootImage source.Root("bios.bin").Data
bios.Manufacturer = "openimapi"
Check "a loader is no floppy", bios.Emulation = 0
Set efi = CreateObject("IMAPI2FS.BootOptions")
efi.AssignBootImage source.Root("efi.img").Data
Check "the size of a floppy makes one", efi.Emulation = 2
efi.Emulation = 0
efi.PlatformId = &HEF

On Error Resume Next
efi.Emulation = 3
Check "a floppy has one size", Err.Number = &HC0AAB14A And efi.Emulation = 0
Err.Clear
bios.Manufacturer = "more than twenty-four bytes"
Check "a maker has 24 bytes", Err.Number = &HC0AAB101 And InStr(Err.Description, "'newVal'") > 0
Err.Clear
On Error GoTo 0

Set image = CreateObject("IMAPI2FS.MsftFileSystemImage")
image.ChooseImageDefaultsForMediaType 6
image.FileSystemsToCreate = CLng(WScript.Arguments(1))
image.VolumeName = "BOOTS"
Check "nothing boots at first", image.BootImageOptions Is Nothing And UBound(image.BootImageOptionsArray) = -1
image.BootImageOptions = bios
Set single = image.BootImageOptions
Check "one is copied", single.Manufacturer = "openimapi" And single.PlatformId = 0
Set image.BootImageOptions = Nothing
Check "and taken away", UBound(image.BootImageOptionsArray) = -1
image.BootImageOptionsArray = Array(bios, efi)
options = image.BootImageOptionsArray
Check "two are shown", UBound(options) = 1
Set element = options(1)
Check "in their order", element.PlatformId = &HEF
image.Root.AddTree folder, False
Set result = image.CreateResultImage
Check "all blocks are counted", result.TotalBlocks = image.UsedBlocks
On Error Resume Next
image.BootImageOptionsArray = Array()
Check "the image is read-only now", Err.Number = &HC0AAB102
Err.Clear
On Error GoTo 0

Set master = CreateObject("IMAPI2.MsftDiscMaster2")
Set recorder = CreateObject("IMAPI2.MsftDiscRecorder2")
recorder.InitializeDiscRecorder master.Item(0)
Set writer = CreateObject("IMAPI2.MsftDiscFormat2Data")
writer.Recorder = recorder
writer.ClientName = "a script"
writer.DisableConsumerDvdCompatibilityMode = True   ' else nothing can follow
writer.Write result.ImageStream
Check "the disc is written", True

Set again = CreateObject("IMAPI2FS.MsftFileSystemImage")
again.MultisessionInterfaces = writer.MultisessionInterfaces
again.ImportFileSystem
Check "its files are imported", again.Root("bios.bin").DataSize = 4096
Check "its boot images are not", UBound(again.BootImageOptionsArray) = -1
On Error Resume Next
again.BootImageOptions = bios
Check "a session behind another boots nothing", Err.Number = &HC0AAB149
Err.Clear
On Error GoTo 0
WScript.Echo "Done."
WScript.Quit 0
