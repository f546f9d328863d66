
#If Mac Then
Private Sub CleanUp()
    ' xlwings calls this by its name when Python has ended.
    Application.StatusBar = False
    ShowLog
End Sub
#End If
