Attribute VB_Name = "ClvRanges"
Option Explicit
Option Private Module

' Ranges on their way to Python, and results with a value a row on their way back.

Public Const NOT_ONE_BLOCK As Long = 1005

Public Sub CutBelowLastUsedRow(ByRef given As Variant)
    ' Makes A:A cheap. All ranges are cut at one row, at the bottom only: columns stay side by side.
    Dim place As Long, lastRow As Long
    lastRow = LastUsedRow(given)
    For place = LBound(given) To UBound(given)
        If IsTall(given, place) Then Set given(place) = Shortened(given(place), lastRow)
    Next place
End Sub

Public Function LastUsedRow(ByRef given As Variant) As Long
    Dim place As Long, used As Range
    For place = LBound(given) To UBound(given)
        If IsTall(given, place) Then
            Set used = given(place).Worksheet.UsedRange
            If LastRowOf(used) > LastUsedRow Then LastUsedRow = LastRowOf(used)
        End If
    Next place
End Function

Public Function IsCut(ByRef given As Variant, ByVal lastRow As Long) As Boolean
    ' Tells whether a range among the arguments reaches below the row at which all are cut.
    Dim place As Long
    For place = LBound(given) To UBound(given)
        If IsTall(given, place) Then
            If LastRowOf(given(place)) > lastRow Then IsCut = True
        End If
    Next place
End Function

Public Function AllSingle(ByRef given As Variant) As Boolean
    Dim place As Long
    AllSingle = True
    For place = LBound(given) To UBound(given)
        If TypeName(given(place)) = "Range" Then
            If given(place).Rows.Count > 1 Or given(place).Columns.Count > 1 Then AllSingle = False
        ElseIf IsArray(given(place)) Then
            AllSingle = False
        End If
    Next place
End Function

Public Function FillsCellsItWasGiven() As Boolean
    ' An array entered with Ctrl+Shift+Enter shows #N/A in those of its cells that get no row: there a
    ' blank row must stay. A formula in one cell spills, or shows one value, and misses no row.
    Dim caller As Object, spills As Boolean
    If TypeName(Application.Caller) <> "Range" Then Exit Function
    Set caller = Application.Caller
    On Error Resume Next
    spills = caller.HasSpill ' An error before Excel 2021, where nothing spills.
    FillsCellsItWasGiven = caller.Rows.Count > 1 And Not spills
End Function

Public Function IsBlock(ByRef answer As Variant) As Boolean
    ' A single row comes from Python with one dimension, a single cell with none.
    On Error Resume Next
    IsBlock = UBound(answer, 2) >= LBound(answer, 2)
End Function

Public Sub DropBlankRowsBelow(ByRef answer As Variant)
    ' Spilled from row 5, the rows of A:A would end four rows below the last used one, and so move it down
    ' by four at every calculation. Blank rows at the end say nothing; they go, all but the first row.
    Dim shorter() As Variant, row As Long, column As Long, lastRow As Long
    lastRow = LastFilledRow(answer)
    If lastRow = UBound(answer, 1) Then Exit Sub
    ReDim shorter(LBound(answer, 1) To lastRow, LBound(answer, 2) To UBound(answer, 2))
    For row = LBound(answer, 1) To lastRow
        For column = LBound(answer, 2) To UBound(answer, 2)
            shorter(row, column) = answer(row, column)
        Next column
    Next row
    answer = shorter
End Sub

Private Function LastFilledRow(ByRef answer As Variant) As Long
    Dim row As Long, column As Long
    For row = UBound(answer, 1) To LBound(answer, 1) Step -1
        LastFilledRow = row
        For column = LBound(answer, 2) To UBound(answer, 2)
            If Not IsBlank(answer(row, column)) Then Exit Function
        Next column
    Next row
End Function

Private Function IsBlank(ByVal value As Variant) As Boolean
    Select Case VarType(value)
        Case vbEmpty, vbNull
            IsBlank = True
        Case vbString
            IsBlank = value = ""
    End Select
End Function

Private Function Shortened(ByVal cells As Range, ByVal lastRow As Long) As Range
    Dim rowCount As Long
    If cells.Areas.Count > 1 Then Err.Raise NOT_ONE_BLOCK, Description:="give one block of cells, not " & cells.Areas.Count & " apart from each other"
    rowCount = lastRow - cells.Row + 1
    If rowCount < 1 Then rowCount = 1
    If rowCount < cells.Rows.Count Then Set Shortened = cells.Resize(rowCount) Else Set Shortened = cells
End Function

Private Function LastRowOf(ByVal cells As Range) As Long
    LastRowOf = cells.Row + cells.Rows.Count - 1
End Function

Private Function IsTall(ByRef given As Variant, ByVal place As Long) As Boolean
    ' Takes the list: an argument that was left out cannot be handed on by itself.
    If TypeName(given(place)) = "Range" Then IsTall = given(place).Rows.Count > 1 Or given(place).Areas.Count > 1
End Function
