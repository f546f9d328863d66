Attribute VB_Name = "ClvCalls"
Option Explicit
Option Private Module

' The calls behind the worksheet functions: what goes to Python, and what comes back into the cell.
' A sentence in a cell would vanish silently in a sum. So where a function gives one value the cell shows
' a real error, and the sentence is kept for CLV_WHY. A table shows the sentence in its first cell.

Public Const LATER As String = "#CLV! press OK: while this window is open nothing is calculated over ranges"

Private Const UDF_MODULE As String = "clv_xl.excel.udfs"

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
    If AllSingle(rowwise) Then
        answer = Judged(functionName, answer, failed)
    ElseIf IsBlock(answer) Then
        If IsCut(rowwise, LastUsedRow(given)) And Not FillsCellsItWasGiven() Then DropBlankRowsBelow answer
    End If
    ClvRows = answer
End Function

Public Function ClvWhy(ByVal cell As Variant) As Variant
    Dim sentence As String
    If Not ShowsError(cell) Then
        ClvWhy = ClvValue("clv_why", Array(cell))
        Exit Function
    End If
    sentence = SentenceBehind(cell)
    If sentence = "" Then sentence = "no sentence of clv_xl is kept for this error; calculate its cell again, with F2 and Enter"
    ClvWhy = Trim$(Replace(sentence, MARK, "", 1, 1))
End Function

Public Function ClvIsErr(ByVal value As Variant) As Variant
    ' Python knows the sentences that cells show; those behind real errors are kept here.
    Dim answer As Variant
    If ShowsError(value) Then
        ClvIsErr = SentenceBehind(value) <> ""
        Exit Function
    End If
    answer = ClvRows("clv_iserr", Array(value), Array(value))
    If TypeName(value) = "Range" And IsArray(answer) Then MarkErrorsWithSentence value, answer
    ClvIsErr = answer
End Function

Public Function InWizard() As Boolean
    ' Excel's function wizard calls at every key; the toolbar is off while it is open.
    On Error Resume Next
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
