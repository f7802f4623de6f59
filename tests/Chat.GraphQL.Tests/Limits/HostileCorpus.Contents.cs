using System.Text;
using static Chat.GraphQL.ErrorCodes;
using static Chat.GraphQL.Tests.Limits.HostileCase;

namespace Chat.GraphQL.Tests.Limits;

/// <summary>Too many of something, values and texts.</summary>
public static partial class HostileCorpus
{
    private static HostileCase[] Many =>
    [
        Document("tokens without end", DocumentTooLarge, $"{{{Repeat("a ", Huge / 2)}}}"),
        Document("punctuators without end", DocumentTooLarge, $"{{a({Repeat("a:$a ", Huge / 5)}"),
        Document("ten thousand unknown fields", TooManyErrors, $"{{{Join(Range(9_900, i => $"nodee{i}"))}}}"),
        Document("unknown arguments", TooManyErrors, $"{{count({Join(Range(3_000, i => $"numberr{i}:1"))})}}"),
        Document("one argument over and over", ValidationFailed, $"{{count({Join(Range(3_000, _ => "number:1"))})}}"),
        Document("aliases of one field", OperationTooLarge, $"{{{Join(Range(3_300, i => $"a{i}:count"))}}}"),
        Document("aliases of one field, as many as fields may be", TooManyAliases,
            $"{{{Join(Range(499, i => $"a{i}:count"))}}}"),
        Document("unknown directives", TooManyErrors, $"{{count {Join(Range(4_900, i => $"@skipp{i}"))}}}"),
        Document("one directive over and over", TooManyErrors, $"{{count{Repeat("@skip(if:true)", 1_400)}}}"),
        Document("directives at every place", TooManyErrors,
            Join(Range(800, i => $"query q{i}@skip(if:true){{count}}"))),
        Document("a directive twice at every field", TooManyErrors,
            $"{{{Join(Range(500, i => $"c{i}:count@skip(if:true)@skip(if:true)"))}}}"),
        Document("operations without a name", TooManyErrors, Repeat("{count}", 3_300)),
        Document("operations of one name", TooManyErrors, Repeat("query q{count}", 2_000)),
        Document("operations to choose from", BadRequest, Join(Range(1_900, i => $"query q{i}{{count}}"))),
        Document("subscriptions to everything", ValidationFailed,
            $"subscription{{{Join(Range(3_300, i => $"a{i}:ticks"))}}}"),
        Document("conditions in a maze", null, Maze(60), Range(60, i => i).ToDictionary(i => $"v{i}", i => i % 3 == 0)),
        Document("a page without end", PageTooLarge, "{nodes(first:2147483647){name}}"),
        Document("pages in pages", OperationTooCostly, "{nodes(first:100){nodes(first:100){nodes(first:100){name}}}}"),
        Document("pages by variables", OperationTooCostly,
            "query($n:Int){nodes(first:$n){nodes(first:$n){nodes(first:$n){name}}}}", new { n = 100 }),
        Document("arguments that fail in thousands of rows", TooManyErrors,
            "query($n:Int=5){nodes(first:100){nodes(first:44){nodes(first:$n){name}}}}", new { n = (int?)null }),
        Document("errors in thousands of rows", TooManyErrors, "{nodes(first:30){nodes(first:100){refused}}}"),
        Document("long names in ten thousand rows", ResponseTooLarge,
            $"{{nodes(first:100){{nodes(first:100){{{Repeat("x", Huge)}:name}}}}}}"),
        Document("definitions of types", TooManyErrors, Repeat("type Query{a:Int}", 1_200)),
        Document("definitions of directives, all used", ValidationFailed,
            Join(Range(700, i => $"directive@d{i} on FIELD")) + $"{{count {Join(Range(2_000, i => $"@d{i % 700}"))}}}"),
        Document("unknown types", TooManyErrors, $"query({Join(Range(2_400, i => $"$a{i}:Nodee{i}"))}){{count}}"),
    ];

    private static HostileCase[] Values =>
    [
        Document("a huge text", null, $"{{count(text:\"{Repeat("x", Huge)}\")}}"),
        Document("a huge text for a number", ValidationFailed, $"{{count(number:\"{Repeat("x", Huge)}\")}}"),
        Document("a huge text for an enum", ValidationFailed, $"{{count(mood:\"{Repeat("x", Huge)}\")}}"),
        Document("a huge name for an enum", ValidationFailed, $"{{count(mood:{Repeat("X", Huge)})}}"),
        Document("a huge block text", null, $"{{count(text:\"\"\"{Repeat("  x\n", Huge / 6)}\"\"\")}}"),
        Document("a huge text for a list of numbers", ValidationFailed, $"{{count(numbers:\"{Repeat("x", Huge)}\")}}"),
        Document("escapes without end", null, $"{{count(text:\"{Repeat("\\n", Huge / 3)}\")}}"),
        Document("a deep literal for a scalar of the application", ValidationFailed,
            $"{{count(shade:{Around("[", "1", "]", 97)})}}"),
        Document("a wide list at the bottom of deep ones for a scalar of the application", ValidationFailed,
            $"{{count(shade:{Around("[", List(Range(9_700, _ => "1")), "]", 90)})}}"),
        Document("a huge exponent", ValidationFailed, "{count(ratio:1e999999)}"),
        Document("a huge exponent, written out", ValidationFailed, $"{{count(ratio:1e{Repeat("9", Huge)})}}"),
        Document("a hundred thousand digits for Int", ValidationFailed, $"{{count(number:{Repeat("9", 100_000)})}}"),
        Document("a hundred thousand digits for Long", ValidationFailed, $"{{count(size:{Repeat("9", 100_000)})}}"),
        Document("a hundred thousand digits for Float", ValidationFailed, $"{{count(ratio:{Repeat("9", 100_000)})}}"),
        Document("a hundred thousand digits for ID", null, $"{{count(id:{Repeat("9", 100_000)})}}"),
        Document("a hundred thousand decimals", null, $"{{count(ratio:0.{Repeat("1", 100_000)})}}"),
        Document("enum values without end", TooManyErrors, $"{{count(moods:{List(Range(9_900, i => $"HAPY{i}"))})}}"),
        Document("texts for numbers without end", TooManyErrors,
            $"{{count(numbers:{List(Range(9_900, _ => "\"1\""))})}}"),
        Document("unknown input fields", TooManyErrors,
            $"{{count(filter:{{{Join(Range(3_200, i => $"text{i}:\"{i}\""))}}})}}"),
        Document("one input field over and over", TooManyErrors,
            $"{{count(filter:{{{Join(Range(3_200, _ => "text:\"\""))}}})}}"),
        Document("input objects in a list, all wrong", TooManyErrors,
            $"{{count(filter:{{and:{List(Range(1_200, _ => "{text:1 x:1}"))}}})}}"),
    ];

    private static HostileCase[] Variable =>
    [
        Document("variables that nobody uses", TooManyErrors,
            $"query({Join(Range(2_400, i => $"$a{i}:Int"))}){{count}}"),
        Document("variables that are not defined", TooManyErrors,
            $"{{count(numbers:{List(Range(4_900, i => $"$a{i}"))})}}"),
        Document("variables that nobody uses, and an operation with a long name", TooManyErrors,
            $"query {Repeat("q", Huge - 5_000)}({Join(Range(110, i => $"$a{i}:Int"))}){{count}}"),
        Variables("a thousand variables among all their lookalikes", null,
            $"query({Join(Range(1_150, i => $"$a{i}:Int=1"))}){{count(numbers:{List(Range(1_150, i => $"$a{i}"))})}}",
            $"{{{string.Join(',', Range(20_000, i => $"\"b{i}\":1"))}}}"),
        Variables("keys that come twice", BadRequest, "query($n:Int){count(number:$n)}",
            $"{{{string.Join(',', Range(25_000, _ => "\"n\":1"))}}}"),
        Raw("two documents", BadRequest, """{"query":"{count}","query":"{node{name}}"}"""),
        Variables("enum values without end, as variables", InvalidInput, "query($m:[Mood!]){count(moods:$m)}",
            $"{{\"m\":[{string.Join(',', Range(25_000, _ => "\"HAPY\""))}]}}"),
        Variables("numbers without end", null, "query($n:[Int!]){count(numbers:$n)}",
            $"{{\"n\":[{string.Join(',', Range(120_000, _ => "1"))}]}}"),
        Variables("unknown input fields, as variables", InvalidInput, "query($f:Filter){count(filter:$f)}",
            $"{{\"f\":{{{string.Join(',', Range(20_000, i => $"\"x{i}\":1"))}}}}}"),
        Variables("input objects in a list, all wrong, as variables", InvalidInput,
            "query($f:Filter){count(filter:$f)}",
            $"{{\"f\":{{\"and\":[{string.Join(',', Range(20_000, _ => "{\"x\":1}"))}]}}}}"),
        Variables("a huge text for an enum, as variable", InvalidInput, "query($m:Mood){count(mood:$m)}",
            $"{{\"m\":\"{Repeat("x", Huge)}\"}}"),
        Variables("a huge exponent, as variable", InvalidInput,
            "query($r:Float){count(ratio:$r)}", """{"r":1e999999}"""),
        Variables("a huge exponent for Int, as variable", InvalidInput,
            "query($n:Int){count(number:$n)}", """{"n":1e999999}"""),
        Variables("digits without end for Long, as variable", InvalidInput, "query($s:Long){count(size:$s)}",
            $"{{\"s\":{Repeat("9", Huge)}}}"),
        Variables("digits without end for Int, as variable", InvalidInput, "query($n:Int){count(number:$n)}",
            $"{{\"n\":{Repeat("9", Huge)}}}"),
        Variables("digits without end for ID, as variable", InvalidInput, "query($i:ID){count(id:$i)}",
            $"{{\"i\":{Repeat("9", Huge)}}}"),
        Variables("a huge text in every unknown field", InvalidInput, "query($f:Filter){count(filter:$f)}",
            $"{{\"f\":{{\"text\":\"{Repeat("x", Huge / 2)}\",{string.Join(',', Range(100, i => $"\"x{i}\":1"))}}}}}"),
    ];

    private static HostileCase[] Texts =>
    [
        Raw("half a surrogate pair in the document", BadRequest, "{\"query\":\"{count(text:\\\"\\ud800\\\")}\"}"),
        Raw("half a surrogate pair in a variable", BadRequest,
            "{\"query\":\"query($t:String){count(text:$t)}\",\"variables\":{\"t\":\"\\udfff\"}}"),
        Raw("half a surrogate pair in a variable's name", BadRequest,
            "{\"query\":\"{count}\",\"variables\":{\"\\ud800\":1}}"),
        Raw("half a surrogate pair in the operation's name", BadRequest,
            "{\"query\":\"{count}\",\"operationName\":\"\\ud800x\"}"),
        Document("half a surrogate pair, escaped", ParseFailed, "{count(text:\"\\ud800\")}"),
        Document("half a surrogate pair in braces", ParseFailed, "{count(text:\"\\u{D800}\")}"),
        Document("a code point beyond Unicode", ParseFailed, "{count(text:\"\\u{110000}\")}"),
        Document("a code point without end", ParseFailed, $"{{count(text:\"\\u{{{Repeat("0", Huge)}}}\")}}"),
        Bytes("bytes that are no UTF-8 in the document", BadRequest, "{\"query\":\"{count(text:\\\"", "\\\")}\"}"),
        Bytes("bytes that are no UTF-8 in a variable", BadRequest,
            "{\"query\":\"query($t:String){count(text:$t)}\",\"variables\":{\"t\":\"", "\"}}"),
        Bytes("bytes that are no UTF-8 in a variable's name", BadRequest,
            "{\"query\":\"{count}\",\"variables\":{\"", "\":1}}"),
        Bytes("bytes that are no UTF-8 in the operation's name", BadRequest,
            "{\"query\":\"{count}\",\"operationName\":\"", "\"}"),
        Document("NUL", ParseFailed, "{count\0}"),
        Document("NUL without end", ParseFailed, Repeat("\0", Huge / 6)),
        Document("byte order marks in the middle", null, "{\uFEFFcount\uFEFF}"),
        Document("a comment of 250 KB", null, $"{{count}}#{Repeat("x", Huge)}"),
        Document("a comment of 250 KB before an error", ParseFailed, $"{{count#{Repeat("x", Huge)}\n"),
        Document("commas without end", null, $"{{count{Repeat(",", Huge)}}}"),
        Document("lines without end before all errors", TooManyErrors,
            $"{Repeat("\n", Huge / 4)}{{{Join(Range(5_000, i => $"nodee{i}"))}}}"),
        Document("a description without end", ParseFailed, $"\"{Repeat("x", Huge)}\""),
        Document("emoji without end", null, $"{{count(text:\"{Repeat("😀", Huge / 13)}\")}}"),
        Document("a field's name without end", ValidationFailed, $"{{{Repeat("x", Huge)}}}"),
        Document("an alias without end", null, $"{{{Repeat("x", Huge)}:count}}"),
        Document("an operation's name without end", BadRequest, "{count}", null, Repeat("x", Huge)),
        Document("names of one length, all nearly right", TooManyErrors,
            $"{{{Join(Range(5_000, i => $"refuse{i:00000}refusedrefusedrefused"))}}}"),
        Raw("no document", BadRequest, ""),
        Raw("null", BadRequest, "null"),
        Raw(
            "a batch without end", ErrorCodes.BatchingNotSupported,
            $"[{string.Join(',', Range(15_000, _ => "{\"query\":1}"))}]"),
        Raw("a number without end", BadRequest, Repeat("1", Huge)),
        Raw("braces without end", BadRequest, Repeat("{", Huge)),
    ];

    private static HostileCase[] Introspections =>
    [
        Document("types of fields of types of fields", ValidationFailed,
            "{__schema{types{fields{type{fields{type{fields{name}}}}}}}}"),
        Document("types of types without end", DocumentTooDeep, $"{{__schema{{types{Repeat("{ofType", 30_000)}"),
        Document("the whole schema thirty times", OperationTooCostly,
            Aliased(30, "types{name fields{name args{name}type{name fields{name args{name type{name kind}}}}}}")),
        Document("types of types in fragments", ValidationFailed,
            "{__schema{types{...f}}}fragment f on __Type{fields{type{...g}}}" +
                "fragment g on __Type{interfaces{possibleTypes{name}}}"),
        Document("more introspection than may be", OperationTooCostly,
            Aliased(30, "types{fields{type{fields{args{type{name description}}}}}}")),
        Document("as much introspection as may be", null,
            Aliased(25, "types{fields{type{fields{args{type{name description}}}}}}")),
        Document("pages as large as may be", null,
            $"{{nodes(first:100){{nodes(first:99){{name level {Join(Range(2, i => $"a{i}:name"))}}}}}}}"),
    ];

    private static string Aliased(int count, string selection) =>
        $"{{{Join(Range(count, i => $"a{i}:__schema{{{selection}}}"))}}}";

    private static string Maze(int variables) =>
        $"query({Join(Range(variables, i => $"$v{i}:Boolean!"))}){{{Join(Range(variables, i =>
            $"...@include(if:$v{i}){{...@skip(if:$v{(i + 1) % variables}){{c{i / 3}:count}}}}"))}count}}";

    private static HostileCase Bytes(string name, string code, string before, string after) => new(
        name, [.. Encoding.UTF8.GetBytes(before), 0xED, 0xA0, 0x80, 0xFF, .. Encoding.UTF8.GetBytes(after)], code);

    private static IEnumerable<T> Range<T>(int count, Func<int, T> make) => Enumerable.Range(0, count).Select(make);
}
