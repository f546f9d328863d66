Attribute VB_Name = "ClvHelp"
Option Explicit

' Texts of the function wizard: an attribute holds what a function gives, only this its arguments.

Public Sub Auto_Open()
    ' Without them the functions work all the same, so nothing is said where Excel refuses.
    On Error GoTo hidden
    DescribeFunctions
    ThisWorkbook.Saved = True
    Exit Sub
hidden:
    Resume shown
shown:
    ' Some releases describe no function of a hidden workbook.
    On Error Resume Next
    Application.ScreenUpdating = False
    ThisWorkbook.IsAddin = False
    DescribeFunctions
    ThisWorkbook.IsAddin = True
    ThisWorkbook.Saved = True
    Application.ScreenUpdating = True
End Sub

Private Sub Describe(ByVal functionName As String, ByVal text As String, ByVal arguments As Variant)
    Dim macro As String
    macro = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & functionName
    If UBound(arguments) < LBound(arguments) Then
        Application.MacroOptions Macro:=macro, Description:=text, Category:="CLV"
    Else
        Application.MacroOptions Macro:=macro, Description:=text, Category:="CLV", ArgumentDescriptions:=arguments
    End If
End Sub
