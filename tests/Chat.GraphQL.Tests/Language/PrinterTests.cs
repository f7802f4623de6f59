namespace Chat.GraphQL.Tests.Language;

/// <summary>What is printed is canonical: parsing and printing it again changes nothing.</summary>
public sealed class PrinterTests
{
    [Theory]
    [InlineData("query { a }", "{\n  a\n}")]
    [InlineData(
        "query Q($a:Int=1@d,$b:[S!]!){a:b(c:$a)@x}",
        "query Q($a: Int = 1 @d, $b: [S!]!) {\n  a: b(c: $a) @x\n}")]
    [InlineData("\"d\" query Q { a }", "\"d\"\nquery Q {\n  a\n}")]
    [InlineData(
        "{...f...on T@a{b}...{c}} fragment f on T @x {a}",
        "{\n  ...f\n  ... on T @a {\n    b\n  }\n  ... {\n    c\n  }\n}\n\nfragment f on T @x {\n  a\n}")]
    [InlineData(
        "{ a(x: {b: [1, 2.5, \"s\\n\", E, null, true, $v]}) }",
        "{\n  a(x: { b: [1, 2.5, \"s\\n\", E, null, true, $v] })\n}")]
    [InlineData("{ a(x: \"\"\"\n  one\n    two\n\"\"\") }", "{\n  a(x: \"\"\"\n  one\n    two\n  \"\"\")\n}")]
    [InlineData(
        "type A implements B & C @d { \"x\" a(b: Int = 1): [Int!]! @deprecated }",
        "type A implements B & C @d {\n  \"x\"\n  a(b: Int = 1): [Int!]! @deprecated\n}")]
    [InlineData(
        "interface I { a: Int } union U = | A | B scalar S @specifiedBy(url: \"x\") enum E { A B } input N { a: " +
            "Int = 1 }",
        "interface I {\n  a: Int\n}\n\nunion U = A | B\n\nscalar S @specifiedBy(url: \"x\")\n\nenum E {\n  A\n  " +
            "B\n}\n\ninput N {\n  a: Int = 1\n}")]
    [InlineData(
        "directive @a(b: Int) repeatable on FIELD | QUERY schema @s { query: Q } extend type A { b: Int }",
        "directive @a(b: Int) repeatable on FIELD | QUERY\n\nschema @s {\n  query: Q\n}\n\nextend type A {\n  b: " +
            "Int\n}")]
    public void It_prints_canonically(string source, string expected)
    {
        var printed = Printer.Print(Parser.Parse(source));
        printed.ShouldBe(expected);
        Printer.Print(Parser.Parse(printed)).ShouldBe(expected);
    }

    [Fact]
    public void Long_arguments_are_printed_on_lines_of_their_own()
    {
        var text = new string('x', 40);
        Printer.Print(Parser.Parse($"{{ field(one: \"{text}\", two: \"{text}\") }}"))
            .ShouldBe($"{{\n  field(\n    one: \"{text}\"\n    two: \"{text}\"\n  )\n}}");
    }
}
