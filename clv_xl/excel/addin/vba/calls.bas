Attribute VB_Name = "ClvCalls"
Option Explicit
Option Private Module

' The calls behind the worksheet functions: what goes to Python, and what becomes of an error.
' A sentence in a cell would vanish silently in a sum. So where a function gives one value the cell shows
' a real error, and the sentence is kept for CLV_WHY. A table shows the sentence in its first cell.

Private Const UDF_MODULE As String = "clv_xl.excel.udfs"
Private Const MARK As String = "#CLV!"
Private Const MOST_SENTENCES As Long = 1000
Private Const NOT_ONE_BLOCK As Long = 1005

Private kept As New Collection

Public Function ClvTable(ByVal functionName As String, ByVal given As Variant) As Variant
    Dim failed As Boolean
    ClvTable = Answered(functionName, given, failed)
End Function

Public Function ClvValue(ByVal functionName As String, ByVal given As Variant) As Variant
    Dim failed As Boolean
    ClvValue = Judged(functionName, Answered(functionName, given, failed), failed)
End Function

Public Function ClvRows(ByVal functionName As String, ByVal given As Variant, ByVal rowwise As Variant) As Variant
    ' Asked for single cells, a function with a value a row gives one value.
    Dim failed As Boolean, answer As Variant
    answer = Answered(functionName, given, failed)
    If AllSingle(rowwise) Then answer = Judged(functionName, answer, failed)
    ClvRows = answer
End Function

Public Function ClvWhy(ByVal cell As Variant) As Variant
    Dim sentence As String
    If Not ShowsError(cell) Then
        ClvWhy = ClvValue("clv_why", Array(cell))
        Exit Function
    End If
    sentence = SentenceOf(cell)
    If sentence = "" Then sentence = "no sentence of clv_xl is kept for this error; calculate its cell again, with F2 and Enter"
    ClvWhy = Trim$(Replace(sentence, MARK, "", 1, 1))
End Function

Public Function ClvIsErr(ByVal value As Variant) As Variant
    If ShowsError(value) Then
        ClvIsErr = SentenceOf(value) <> ""
    Else
        ClvIsErr = ClvRows("clv_iserr", Array(value), Array(value))
    End If
End Function

Public Function InWizard() As Boolean
    ' Excel's function wizard calls at every key; the toolbar is off while it is open.
    InWizard = Not Application.CommandBars("Standard").Controls(1).Enabled
End Function

Private Function Answered(ByVal functionName As String, ByVal given As Variant, ByRef failed As Boolean) As Variant
    ' No workbook is handed over: Python would look for code in its sheets. Brackets hand over values.
    On Error GoTo noAnswer
    CutBelowLastUsedRow given
    Answered = XLPy.CallUDF(UDF_MODULE, (functionName), (given), Nothing, Application.Caller)
    Exit Function
noAnswer:
    failed = Err.Number <> NOT_ONE_BLOCK
    Answered = MARK & " " & LastLine(Err.Description)
End Function

Private Function Judged(ByVal functionName As String, ByVal answer As Variant, ByVal failed As Boolean) As Variant
    ' Makes a sentence a real error: #N/A where Python did not answer at all, otherwise #VALUE!.
    Dim isSentence As Boolean
    If VarType(answer) = vbString Then isSentence = Left$(answer, Len(MARK)) = MARK
    If Not isSentence Then
        Judged = answer
        Forget functionName
    Else
        Keep functionName, answer
        If failed Then Judged = CVErr(xlErrNA) Else Judged = CVErr(xlErrValue)
    End If
End Function

Private Sub CutBelowLastUsedRow(ByRef given As Variant)
    ' Makes A:A cheap. All ranges are cut at one row, at the bottom only: columns stay side by side.
    Dim place As Long, lastRow As Long
    lastRow = LastUsedRow(given)
    For place = LBound(given) To UBound(given)
        If IsTall(given, place) Then Set given(place) = Shortened(given(place), lastRow)
    Next place
End Sub

Private Function LastUsedRow(ByRef given As Variant) As Long
    Dim place As Long, used As Range
    For place = LBound(given) To UBound(given)
        If IsTall(given, place) Then
            Set used = given(place).Worksheet.UsedRange
            If used.Row + used.Rows.Count - 1 > LastUsedRow Then LastUsedRow = used.Row + used.Rows.Count - 1
        End If
    Next place
End Function

Private Function Shortened(ByVal cells As Range, ByVal lastRow As Long) As Range
    Dim rowCount As Long
    If cells.Areas.Count > 1 Then Err.Raise NOT_ONE_BLOCK, Description:="give one block of cells, not " & cells.Areas.Count & " apart from each other"
    rowCount = lastRow - cells.Row + 1
    If rowCount < 1 Then rowCount = 1
    If rowCount < cells.Rows.Count Then Set Shortened = cells.Resize(rowCount) Else Set Shortened = cells
End Function

Private Function IsTall(ByRef given As Variant, ByVal place As Long) As Boolean
    ' Takes the list: an argument that was left out cannot be handed on by itself.
    If TypeName(given(place)) = "Range" Then IsTall = given(place).Rows.Count > 1 Or given(place).Areas.Count > 1
End Function

Private Function AllSingle(ByVal given As Variant) As Boolean
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

Private Function ShowsError(ByVal cell As Variant) As Boolean
    If TypeName(cell) <> "Range" Then Exit Function
    If cell.Rows.Count = 1 And cell.Columns.Count = 1 Then ShowsError = IsError(cell.Value)
End Function

Private Function CallingCell() As Range
    If TypeName(Application.Caller) = "Range" Then Set CallingCell = Application.Caller.Cells(1, 1)
End Function

Private Sub Keep(ByVal functionName As String, ByVal sentence As String)
    Dim cell As Range
    Set cell = CallingCell()
    If cell Is Nothing Then Exit Sub
    Forget functionName
    Drop CellKey(cell)
    If kept.Count >= MOST_SENTENCES Then kept.Remove 1
    kept.Add Array(functionName, FormulaOf(cell), sentence), CellKey(cell)
End Sub

Private Sub Forget(ByVal functionName As String)
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
