
' What stands above, and XLPy at the end, are xlwings' own lines: they name the library that belongs to
' the installed xlwings. The rest is clv_xl's (BSD 3-Clause). It differs from xlwings on purpose:
' the one source of settings is the user's own file, never a sheet of a workbook or a file beside it;
' Python never looks for modules in a workbook's folder; and there is one Python for all workbooks.

Private libraryIsLoaded As Boolean
Private startCommand As String

Public Sub RunPython(ByVal PythonCommand As String)
    If ActiveWorkbook Is Nothing Then
        MsgBox "No workbook is open that may be changed: open one, or click Enable Editing above its sheet.", vbExclamation, "CLV"
        Exit Sub
    End If
    #If Mac Then
        RunPythonOnMac PythonCommand
    #Else
        On Error GoTo failed
        XLPy.SetAttr XLPy.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
        XLPy.Exec "" & PythonCommand
        Exit Sub
failed:
        MsgBox LastLine(Err.Description), vbExclamation, "CLV"
    #End If
End Sub

Public Function GetConfig(ByVal configKey As String) As String
    ' Returns a setting of the user's own file, and nothing where it is not there.
    Dim fileNumber As Integer, start As String, text As String, entry As Variant
    start = LCase$("""" & configKey & """,""")
    fileNumber = FreeFile
    On Error GoTo unreadable
    Open GetConfigFilePath() For Input As #fileNumber
    Do While Not EOF(fileNumber)
        Line Input #fileNumber, text
        For Each entry In Split(Replace(text, vbCr, vbLf), vbLf)
            If LCase$(Left$(entry, Len(start))) = start Then GetConfig = Split(Mid$(entry, Len(start) + 1), """")(0)
        Next entry
    Loop
unreadable:
    Close #fileNumber
End Function

Public Function GetConfigFilePath() As String
    #If Mac Then
        GetConfigFilePath = Environ("HOME") & "/" & PROJECT_NAME & ".conf"
    #Else
        GetConfigFilePath = Environ("USERPROFILE") & "\." & PROJECT_NAME & "\" & PROJECT_NAME & ".conf"
    #End If
End Function

Public Function PythonInterpreter() As String
    ' Returns the full path of Python; a bare name would be looked for in the current folder.
    #If Mac Then
        PythonInterpreter = GetConfig("INTERPRETER_MAC")
        If Left$(PythonInterpreter, 1) = "/" Then Exit Function
    #Else
        PythonInterpreter = GetConfig("INTERPRETER_WIN")
        If PythonInterpreter Like "[A-Za-z]:\*" Or Left$(PythonInterpreter, 2) = "\\" Then Exit Function
    #End If
    Err.Raise 1002, Description:="CLV does not know its Python: run clv-xl addin install, then start Excel again"
End Function

Private Function XLPyCommand() As String
    ' -P keeps the current folder, which may be a workbook's, out of the places that modules come from.
    ' It is made once: a call of a function must not cost the reading of a file.
    If startCommand = "" Then startCommand = """" & PythonInterpreter() & """ -P -c ""import xlwings; xlwings.serve('$(CLSID)')"""
    XLPyCommand = startCommand
End Function

Private Sub XLPyLoadDLL()
    ' The library lies beside Python, in a virtual environment one folder up.
    Dim folder As String
    If libraryIsLoaded Then Exit Sub
    folder = ParentFolder(PythonInterpreter())
    If LoadLibrary(folder & "\" & XLPyDLLName) = 0 Then
        If LoadLibrary(ParentFolder(folder) & "\" & XLPyDLLName) = 0 Then
            Err.Raise 1003, Description:="CLV cannot load " & XLPyDLLName & " from " & folder & " or the folder above: run clv-xl doctor"
        End If
    End If
    libraryIsLoaded = True
End Sub

Private Function ParentFolder(ByVal path As String) As String
    ' Returns a drive itself where nothing is above it.
    ParentFolder = path
    If InStrRev(path, "\") > 1 Then ParentFolder = Left$(path, InStrRev(path, "\") - 1)
End Function

Public Function LastLine(ByVal text As String) As String
    ' Returns what an error says; above it, Python tells where it was raised.
    Dim entry As Variant
    For Each entry In Split(Replace(text, vbCr, vbLf), vbLf)
        If Trim$(entry) <> "" Then LastLine = Trim$(entry)
    Next entry
End Function

Public Function UnsafeCharacter(ByVal text As String) As String
    ' Returns the first character that a shell would not take as it stands, or nothing.
    Dim place As Long
    For place = 1 To Len(text)
        If InStr("$`""\|!" & vbCr & vbLf, Mid$(text, place, 1)) > 0 Then
            UnsafeCharacter = Mid$(text, place, 1)
            Exit Function
        End If
    Next place
End Function

#If Mac Then
Private Sub RunPythonOnMac(ByVal PythonCommand As String)
    ' The script takes its parameters in this order; the first says that no folder of a workbook is searched.
    Dim book As String, parameters As String
    On Error GoTo failed
    book = ActiveWorkbook.Name
    If UnsafeCharacter(book) <> "" Then
        Err.Raise 1004, Description:="The workbook's name holds the character " & UnsafeCharacter(book) & ": rename it and try again"
    End If
    parameters = "false|'" & Replace(PythonInterpreter(), "'", "'\''") & "' -P|" & PythonCommand & "|" & book
    parameters = parameters & "|" & Left$(Application.Path, Len(Application.Path) - 4) & "|" & LogFilePath()
    Application.StatusBar = "CLV is at work ..."
    AppleScriptTask "xlwings-" & XLWINGS_VERSION & ".applescript", "VbaHandler", parameters
    ShowLog
    Exit Sub
failed:
    Application.StatusBar = False
    MsgBox Err.Description & " (clv-xl doctor checks the installation)", vbExclamation, "CLV"
End Sub

Private Function LogFilePath() As String
    LogFilePath = Environ("HOME") & "/xlwings.log"
End Function

Public Sub ShowLog()
    ' Shows what went wrong in Python, once.
    Dim fileNumber As Integer, text As String, report As String
    fileNumber = FreeFile
    On Error GoTo noLog
    Open LogFilePath() For Input As #fileNumber
    Do While Not EOF(fileNumber)
        Line Input #fileNumber, text
        report = report & text & vbLf
    Loop
    Close #fileNumber
    Kill LogFilePath()
    If LastLine(report) <> "" Then
        Application.StatusBar = False
        MsgBox LastLine(report), vbExclamation, "CLV"
    End If
noLog:
End Sub
#End If

