; Parley for Windows: one setup program from the finished folder (dist\parley).
;
;     set PARLEY_VERSION=0.1.0 & iscc installer\windows\parley.iss
;     iscc /DSigned "/Sparley=signtool.exe sign /fd sha256 /tr TIMESTAMP /td sha256 /a $f" installer\windows\parley.iss
;
; Inno Setup 6.3 or newer (x64compatible).  For one person without an administrator (the default), or for everybody
; (/ALLUSERS).  Silent: /VERYSILENT /SUPPRESSMSGBOXES /NORESTART; without the firewall rule: /TASKS="".
; Settings, keys and meetings lie in the person's own folders and stay when Parley is removed.

#define Version GetEnv("PARLEY_VERSION")
#if Version == ""
  #error Set PARLEY_VERSION first
#endif

[Setup]
AppId={{7B0C9E5B-6C7F-4E0E-9B6A-0D9F6F3C1A52}
AppName=Parley
AppVersion={#Version}
AppVerName=Parley {#Version}
AppPublisher=The Parley authors
DefaultDirName={autopf}\Parley
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\parley.ico
UninstallDisplayIcon={app}\parley.exe
OutputDir=..\..\dist
OutputBaseFilename=parley-{#Version}-windows-x64
Compression=lzma2/normal
SolidCompression=yes
; An upgrade closes the running window, and with it the meeting it hosts, after asking.
CloseApplications=yes
RestartApplications=no
#ifdef Signed
SignTool=parley
SignedUninstaller=yes
#endif

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "firewall"; Description: "Let others join meetings that this computer hosts (asks an administrator for a firewall rule)"

[InstallDelete]
; What an older version brought and this one does not must not be found by it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\dist\parley\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\Parley"; Filename: "{app}\parley.exe"
Name: "{autodesktop}\Parley"; Filename: "{app}\parley.exe"; Tasks: desktopicon

[Registry]
; parley: links.  HKA: this person's, or everybody's, as Parley itself was installed.
Root: HKA; Subkey: "Software\Classes\parley"; ValueType: string; ValueData: "URL:Parley meeting"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\parley"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\parley\DefaultIcon"; ValueType: string; ValueData: "{app}\parley.exe,0"
Root: HKA; Subkey: "Software\Classes\parley\shell\open\command"; ValueType: string; ValueData: """{app}\parley.exe"" run ""%1"""

[Run]
; By the program, not by the port: any port that somebody hosts on.  The name is the one that `parley doctor` looks for.
Filename: "{sys}\netsh.exe"; Parameters: "advfirewall firewall add rule name=Parley dir=in action=allow profile=private,domain program=""{app}\parley-cli.exe"""; Verb: runas; Flags: shellexec waituntilterminated runhidden; Tasks: firewall
Filename: "{app}\parley.exe"; Description: "{cm:LaunchProgram,Parley}"; Flags: nowait postinstall skipifsilent

[UninstallRun]
Filename: "{sys}\netsh.exe"; Parameters: "advfirewall firewall delete rule name=Parley program=""{app}\parley-cli.exe"""; Verb: runas; Flags: shellexec waituntilterminated runhidden; RunOnceId: "FirewallRule"
