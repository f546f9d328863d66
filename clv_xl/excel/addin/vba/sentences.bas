Attribute VB_Name = "ClvSentences"
Option Explicit
Option Private Module

' The sentences behind the errors that cells show, by cell, for as long as Excel runs.

Public Const MARK As String = "#CLV!"
Private Const MOST_SENTENCES As Long = 1000

Private kept As New Collection

Public Sub Keep(ByVal functionName As String, ByVal sentence As String)
    Dim cell As Range
    Set cell = CallingCell()
    If cell Is Nothing Then Exit Sub
    Drop CellKey(cell)
    If kept.Count >= MOST_SENTENCES Then kept.Remove 1
    kept.Add Array(functionName, FormulaOf(cell), sentence), CellKey(cell)
End Sub

Public Sub Forget(ByVal functionName As String)
    ' A cell that calculates forgets its sentence; that of another function in the same formula stays.
    Dim cell As Range, entry As Variant
    If kept.Count = 0 Then Exit Sub
    Set cell = CallingCell()
    If cell Is Nothing Then Exit Sub
    entry = Found(CellKey(cell))
    If IsArray(entry) Then
        If entry(0) = functionName Then Drop CellKey(cell)
    End If
End Sub

Public Function ShowsError(ByVal value As Variant) As Boolean
    If TypeName(value) <> "Range" Then
        ShowsError = IsError(value)
    ElseIf value.Rows.Count = 1 And value.Columns.Count = 1 Then
        ShowsError = IsError(value.Value)
    End If
End Function

Public Function SentenceBehind(ByVal value As Variant) As String
    ' Returns the sentence behind an error: that of its cell, or, where a function in the same formula
    ' gave the error, as in CLV_WHY(CLV_AOV(A:A)), that of the cell with the formula.
    Dim cell As Range
    If TypeName(value) = "Range" Then
        Set cell = value
    Else
        Select Case CLng(value)
            Case xlErrValue, xlErrNA
                Set cell = CallingCell()
        End Select
    End If
    If Not cell Is Nothing Then SentenceBehind = SentenceOf(cell)
End Function

Public Sub MarkErrorsWithSentence(ByVal cells As Range, ByRef answer As Variant)
    ' Sets True where a cell shows an error behind which there is a sentence.
    Dim row As Long, column As Long
    If kept.Count = 0 Then Exit Sub
    If Not IsBlock(answer) Then
        For column = LBound(answer) To UBound(answer)
            If HasSentence(cells.Cells(1, column - LBound(answer) + 1)) Then answer(column) = True
        Next column
        Exit Sub
    End If
    For row = LBound(answer, 1) To UBound(answer, 1)
        For column = LBound(answer, 2) To UBound(answer, 2)
            If HasSentence(cells.Cells(row - LBound(answer, 1) + 1, column - LBound(answer, 2) + 1)) Then answer(row, column) = True
        Next column
    Next row
End Sub

Private Function HasSentence(ByVal cell As Range) As Boolean
    If IsError(cell.Value) Then HasSentence = SentenceOf(cell) <> ""
End Function

Private Function SentenceOf(ByVal cell As Range) As String
    ' Returns the sentence behind an error, and nothing where the formula is another one by now.
    Dim entry As Variant, holder As Range
    Set holder = cell
    If cell.HasArray Then Set holder = cell.CurrentArray.Cells(1, 1)
    entry = Found(CellKey(holder))
    If IsArray(entry) Then
        If entry(1) = FormulaOf(holder) Then SentenceOf = entry(2)
    End If
End Function

Private Function CallingCell() As Range
    If TypeName(Application.Caller) = "Range" Then Set CallingCell = Application.Caller.Cells(1, 1)
End Function

Private Function CellKey(ByVal cell As Range) As String
    CellKey = cell.Address(External:=True)
End Function

Private Function FormulaOf(ByVal cell As Range) As String
    FormulaOf = CStr(cell.Formula)
End Function

Private Function Found(ByVal key As String) As Variant
    On Error Resume Next
    Found = kept(key)
End Function

Private Sub Drop(ByVal key As String)
    On Error Resume Next
    kept.Remove key
End Sub
