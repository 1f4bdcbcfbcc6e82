/* The rules of x-clean, each by a table; that lists of them come to rest by random texts. */
#include "clean/clean.h"
#include "tap.h"

#include <uninorm.h>
#include <unistr.h>

static struct json *parse(struct arena *a, const char *text)
{
    struct json_limits limits = json_limits_event;
    struct json *v = NULL;
    struct err e = {0};

    limits.bytes = strlen(text);
    return json_read(a, str_of(text), &limits, &v, &e) ? v : NULL;
}

static struct clean *read_rules(struct arena *a, const char *rules, struct err *e)
{
    const struct json *source = parse(a, rules), *at;
    struct clean *c = NULL;

    return source && clean_read(a, source, &c, &at, e) ? c : NULL;
}

struct row {
    const char *rules;
    str given;
    str expected; /* NULL: as given */
    const char *why; /* refused, for this reason */
};
#define ROW(rules, given, expected)                                                            \
    {                                                                                          \
        rules, STR_INIT(given), STR_INIT(expected), NULL                                       \
    }
#define SAME(rules, given)                                                                     \
    {                                                                                          \
        rules, STR_INIT(given), {NULL, 0}, NULL                                                \
    }
#define REFUSED(rules, given, why)                                                             \
    {                                                                                          \
        rules, STR_INIT(given), {NULL, 0}, why                                                 \
    }

static const struct row space_rows[] = {
    ROW("\"trim\"", " \t\r\n x y \xe3\x80\x80\xc2\xa0", "x y"),
    ROW("\"trim\"", " \t ", ""),
    SAME("\"trim\"", "x"),
    SAME("\"trim\"", ""),
    ROW("\"collapse\"",
        "a \n\t b\xe2\x80\xa8"
        "c  ",
        "a b c "),
    ROW("\"collapse\"", "a\tb", "a b"),
    SAME("\"collapse\"", "a b c"),
    ROW("[\"trim\", \"collapse\"]", "  a \xc2\xa0 b ", "a b"),
    ROW("\"newlines\"", "a\r\nb\rc\n\r\r\n", "a\nb\nc\n\n\n"),
};

static const struct row unicode_rows[] = {
    ROW("\"nfc\"", "e\xcc\x81", "\xc3\xa9"),
    ROW("\"nfc\"", "abcdefgh e\xcc\x81 \xe2\x84\xab z", "abcdefgh \xc3\xa9 \xc3\x85 z"),
    ROW("\"nfc\"", "a\xcc\x81\xcc\xa3", "\xe1\xba\xa1\xcc\x81"),
    ROW("\"nfc\"", "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", "\xea\xb0\x81"),
    SAME("\"nfc\"", "\xef\xbc\xa1 \xc3\xa9 \xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4\xa6"),
    ROW("\"nfkc\"", "\xef\xbc\xa1\xef\xac\x81\xc2\xb2", "Afi2"),
    ROW("\"nfkc\"",
        "a\xc2\xa0"
        "b",
        "a b"),
    ROW("\"lower\"", "ABC", "abc"),
    ROW("\"lower\"", "\xc3\x84\xce\xa3", "\xc3\xa4\xcf\x82"),
    ROW("\"lower\"", "\xc4\xb0", "i\xcc\x87"),
    ROW("\"upper\"",
        "stra\xc3\x9f"
        "e",
        "STRASSE"),
    ROW("\"fold\"",
        "Stra\xc3\x9f"
        "e",
        "strasse"),
    SAME("\"upper\"", "A1_"),
};

static const struct row strip_rows[] = {
    ROW("\"strip-control\"",
        "a\0b\x1b[31m\tc\r\n\x7f\xc2\x85"
        "d",
        "ab[31m\tc\r\nd"),
    ROW("{\"strip-control\": {\"keep\": [\"lf\"]}}", "a\tb\nc\r", "ab\nc"),
    ROW("{\"strip-control\": {\"keep\": []}}", "a\tb\nc\r", "abc"),
    ROW("\"strip-bidi\"", "user\xe2\x80\xaetxt.exe\xe2\x81\xa9\xd8\x9c", "usertxt.exe"),
    SAME("\"strip-bidi\"", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"),
    ROW("\"strip-zero-width\"", "pay\xe2\x80\x8bpal\xef\xbb\xbf\xe2\x81\xa0\xc2\xad", "paypal"),
    ROW("\"strip-zero-width\"", "pay\xe2\x80\x8dpal\xe2\x80\x8c", "paypal"),
    SAME("\"strip-zero-width\"", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"),
    SAME("\"strip-zero-width\"",
         "\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd\xe2\x80\x8d\xf0\x9f\x92\xbb"),
    SAME("\"strip-zero-width\"", "\xe2\x9d\xa4\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x94\xa5"),
    SAME("\"strip-zero-width\"", "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7"),
    SAME("\"strip-zero-width\"", "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88"),
    ROW("\"strip-zero-width\"", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xe2\x80\x8b\xf0\x9f\x92\xbb",
        "\xf0\x9f\x91\xa9\xf0\x9f\x92\xbb"),
    ROW("\"strip-variation-selectors\"", "a\xef\xb8\x8e\xf3\xa0\x84\x80", "a"),
    ROW("\"strip-noncharacters\"", "a\xef\xbf\xbf\xef\xb7\x90\xf4\x8f\xbf\xbe", "a"),
    ROW("\"strip-tag-characters\"", "a\xf3\xa0\x81\xa1\xf3\xa0\x81\xbf", "a"),
    ROW("\"strip-private-use\"",
        "\xee\x80\x80"
        "a\xf3\xb0\x80\x80",
        "a"),
};

static const struct row file_rows[] = {
    SAME("\"file-name\"", "report 2026.final.pdf"),
    SAME("\"file-name\"", "\xe5\xa0\xb1\xe5\x91\x8a.pdf"),
    ROW("\"file-name\"", "../../etc/passwd", "_.._etc_passwd"),
    ROW("\"file-name\"", ".bashrc", "bashrc"),
    ROW("\"file-name\"", "a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"),
    ROW("\"file-name\"", "con", "_con"),
    ROW("\"file-name\"", "LPT1.txt", "_LPT1.txt"),
    ROW("\"file-name\"", "com\xc2\xb9.x", "_com\xc2\xb9.x"),
    SAME("\"file-name\"", "comet"),
    ROW("\"file-name\"", "-rf", "_-rf"),
    ROW("\"file-name\"", "a. . .", "a"),
    ROW("\"file-name\"", "x\xe2\x80\xaegpj.exe", "x_gpj.exe"),
    ROW("\"file-name\"", "a\0b", "a_b"),
    ROW("{\"file-name\": {\"max\": 10}}", "abcdefghij.jpeg", "abcde.jpeg"),
    ROW("{\"file-name\": {\"max\": 8}}", "\xe5\xa0\xb1\xe5\x91\x8a\xe6\x9b\xb8",
        "\xe5\xa0\xb1\xe5\x91\x8a"),
    REFUSED("\"file-name\"", "", "leaves no name of a file"),
    REFUSED("\"file-name\"", "...", "leaves no name of a file"),
    ROW("{\"path\": \"uploads/\"}", "a/b.txt", "uploads/a/b.txt"),
    SAME("{\"path\": \"uploads/\"}", "uploads/a/b.txt"),
    ROW("{\"path\": \"uploads/\"}", "./a//./b/", "uploads/a/b"),
    ROW("{\"path\": \"/srv/data\"}", "x", "/srv/data/x"),
    SAME("{\"path\": \"/srv/data\"}", "/srv/data/x"),
    REFUSED("{\"path\": \"/srv/data\"}", "/srv/database/x", "is an absolute path"),
    REFUSED("{\"path\": \"uploads\"}", "uploads//etc/passwd", "is an absolute path"),
    REFUSED("{\"path\": \"uploads\"}", "a/../b", "is a path that leads upwards"),
    REFUSED("{\"path\": \"uploads\"}", "uploads/../b", "is a path that leads upwards"),
    REFUSED("{\"path\": \"uploads\"}", "..", "is a path that leads upwards"),
    REFUSED("{\"path\": \"uploads\"}", "/etc/passwd", "is an absolute path"),
    REFUSED("{\"path\": \"uploads\"}", "C:x", "is a path on a drive"),
    REFUSED("{\"path\": \"uploads\"}", "a\\..\\b",
            "is a path with a backslash or a control character"),
    REFUSED("{\"path\": \"uploads\"}", "a\0b",
            "is a path with a backslash or a control character"),
    REFUSED("{\"path\": \"uploads\"}", "./", "is a path without a name"),
    SAME("\"path\"", "a/...b"),
    ROW("{\"path\": \"uploads\"}", "%2e%2e/x", "uploads/%2e%2e/x"),
    REFUSED("[{\"path\": \"uploads\"}, \"nfkc\"]", "\xef\xbc\x8e\xef\xbc\x8e/x",
            "is a path that leads upwards"),
};

static const struct row email_rows[] = {
    SAME("\"email\"", "ann@example.com"),
    ROW("\"email\"", "  Ann.Lee+x@EXAMPLE.com. ", "Ann.Lee+x@example.com"),
    ROW("\"email\"",
        "ann@B\xc3\xbc"
        "cher.example",
        "ann@xn--bcher-kva.example"),
    SAME("\"email\"", "ann@xn--bcher-kva.example"),
    SAME("\"email\"", "j\xc3\xb6rg@example.com"),
    REFUSED("\"email\"", "ann", "is no e-mail address"),
    REFUSED("\"email\"", "@example.com", "is no e-mail address"),
    REFUSED("\"email\"", "a@b@example.com", "is no e-mail address"),
    REFUSED("\"email\"", "a..b@example.com", "is no e-mail address"),
    REFUSED("\"email\"", "a@-x.com", "is no e-mail address"),
    REFUSED("\"email\"", "a@x.com\r\nBcc: b@y.com", "is no e-mail address"),
    REFUSED("\"email\"", "a@x.com\0", "is no e-mail address"),
    REFUSED("\"email\"", "a@xn--a.com", "is no e-mail address"),
};

static const struct row url_rows[] = {
    SAME("\"url\"", "https://example.com/"),
    ROW("\"url\"", " HTTPS://Example.COM:443 ", "https://example.com/"),
    ROW("\"url\"", "http://example.com:080/a/./b/../c", "http://example.com/a/c"),
    ROW("\"url\"", "http://example.com/../../x", "http://example.com/x"),
    ROW("\"url\"", "http://example.com/%2e%2E/%7euser/%c3%a9",
        "http://example.com/~user/%C3%A9"),
    ROW("\"url\"", "http://example.com/\xc3\xa9?q=<b>'#\"",
        "http://example.com/%C3%A9?q=%3Cb%3E%27#%22"),
    ROW("\"url\"", "http://example.com/100%", "http://example.com/100%25"),
    ROW("\"url\"",
        "https://b\xc3\xbc"
        "cher.example/x",
        "https://xn--bcher-kva.example/x"),
    ROW("\"url\"", "https://\xef\xbd\x85xample.com", "https://example.com/"),
    ROW("\"url\"", "https://[2001:DB8:0:0::1]:8443/", "https://[2001:db8::1]:8443/"),
    SAME("\"url\"", "https://127.0.0.1/"),
    SAME("\"url\"", "https://example.com/a%2Fb//c;d=1?x=1&y=a%26b#frag"),
    REFUSED("\"url\"", "https://0x7f.1/", "is a URL with a wrong host"),
    REFUSED("\"url\"", "https://2130706433/", "is a URL with a wrong host"),
    REFUSED("\"url\"", "https://127.1/", "is a URL with a wrong host"),
    REFUSED("\"url\"", "https://user:pw@example.com/", "is a URL with a user"),
    REFUSED("\"url\"", "https://good.example\\@evil.example/",
            "is a URL with white space, a control character or a backslash inside"),
    REFUSED("\"url\"", "java\tscript:alert(1)",
            "is a URL with white space, a control character or a backslash inside"),
    REFUSED("\"url\"", "javascript:alert(1)", "is no URL of an allowed scheme"),
    REFUSED("\"url\"", "data:text/html,x", "is no URL of an allowed scheme"),
    REFUSED("\"url\"", "//example.com/", "is no URL of an allowed scheme"),
    REFUSED("\"url\"", "/x", "is no URL of an allowed scheme"),
    REFUSED("\"url\"", "https:example.com", "is a URL without a host"),
    REFUSED("\"url\"", "https:///x", "is a URL with a wrong host"),
    REFUSED("\"url\"", "https://example.com:99999/", "is a URL with a wrong port"),
    REFUSED("\"url\"", "https://exa%6dple.com/", "is a URL with a wrong host"),
    REFUSED("\"url\"", "https://[::1%25eth0]/", "is a URL with a wrong host"),
    REFUSED("{\"url\": {\"schemes\": [\"https\"]}}", "http://example.com/",
            "is no URL of an allowed scheme"),
    ROW("{\"url\": {\"schemes\": [\"mailto\"]}}", "MAILTO:ann@example.com?subject=a%20b",
        "mailto:ann@example.com?subject=a%20b"),
};

static const struct row text_rows[] = {
    SAME("\"text\"", "AT&T &lt; 3 > 2, a < b, I <3 U"),
    ROW("\"text\"", "<b>bold</b> and <i class=x>more</i>", "bold and more"),
    ROW("\"text\"", "a<script>alert(1)</script>b", "ab"),
    ROW("\"text\"", "a<!-- x --><!doctype html><?php ?>b", "ab"),
    ROW("\"text\"", "<<b>script>alert(1)<<b>/script>", "script>alert(1)/script>"),
    ROW("\"text\"", "<<<b>img src=x>", "img src=x>"),
    ROW("\"text\"", "x <", "x "),
    ROW("\"text\"", "x <<b></", "x "),
    ROW("\"text\"", "<svg><p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", ""),
    ROW("[\"text\", \"nfkc\"]",
        "\xef\xbc\x9cscript\xef\xbc\x9e"
        "alert(1)\xef\xbc\x9c/script\xef\xbc\x9e",
        ""),
};

/* What is in these is written for fnward; the ways of attack are those of the literature. */
static const struct row html_rows[] = {
    SAME("\"html\"", "plain text, nothing else"),
    SAME("\"html\"", "<p>a <b>b</b></p>"),
    ROW("\"html\"", "<B>x</B>", "<b>x</b>"),
    ROW("\"html\"", "a & b < c > d \"e\"", "a &amp; b &lt; c &gt; d &quot;e&quot;"),
    ROW("\"html\"", "caf&eacute; &copy 2026 &notit; &#x41;&#66; &bogus; &#0;&#x80;",
        "caf\xc3\xa9 \xc2\xa9 2026 \xc2\xacit; AB &amp;bogus; \xef\xbf\xbd\xe2\x82\xac"),
    ROW("\"html\"", "<b>x", "<b>x</b>"),
    ROW("\"html\"", "<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
    ROW("\"html\"", "</b>x</i>", "x"),
    ROW("\"html\"", "<p>a<p>b", "<p>a</p><p>b</p>"),
    ROW("\"html\"", "<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
    ROW("\"html\"", "<p><b>a<blockquote>q", "<p><b>a</b></p><blockquote>q</blockquote>"),
    ROW("\"html\"", "<div>a</div><section>b</section>", "ab"),
    ROW("{\"html\": {\"elements\": [\"h1\", \"h2\", \"hr\"]}}", "<h1>a<h2>b<hr/>c</h2>",
        "<h1>a</h1><h2>b<hr>c</h2>"),
    ROW("\"html\"", "<br/><br></br>", "<br><br>"),
    ROW("\"html\"", "<a href=https://example.com/?a=1&b=2 onclick=x>l</a>",
        "<a href=\"https://example.com/?a=1&amp;b=2\" rel=\"nofollow noopener\">l</a>"),
    ROW("\"html\"", "<a href='x'>l</a>", "<a rel=\"nofollow noopener\">l</a>"),
    ROW("\"html\"", "<a href=https://a.example/>1<a href=https://b.example/>2</a>",
        "<a href=\"https://a.example/\" rel=\"nofollow noopener\">1</a>"
        "<a href=\"https://b.example/\" rel=\"nofollow noopener\">2</a>"),
    ROW("\"html\"", "<pre>\n\nx\n</pre>", "<pre>x\n</pre>"),
    ROW("\"html\"", "a\r\nb\rc&#13;d\0e\x01",
        "a\nb\nc\nd\xef\xbf\xbd"
        "e"),
    ROW("\"html\"", "a<b", "a"),
    ROW("\"html\"", "<b title=\"x\">y</b>", "<b>y</b>"),
    ROW("{\"html\": {\"attributes\": [\"title\", \"class\", \"dir\"], \"elements\": [\"b\"]}}",
        "<b TITLE='a\"`<x>' class='a b' dir=up id=c title=again>y</b>",
        "<b title=\"a&quot;&#96;&lt;x&gt;\" class=\"a b\">y</b>"),
    ROW("{\"html\": {\"elements\": [\"img\"]}}",
        "<img src=x onerror=alert(1)><img src=https://a.example/i.png width=1e3 height=20 alt=i>",
        "<img><img src=\"https://a.example/i.png\" height=\"20\" alt=\"i\">"),
    /* scripts, straight and hidden */
    ROW("\"html\"", "<script>alert(1)</script>x", "x"),
    ROW("\"html\"", "<ScRiPt/x>alert(1)</sCrIpT\n>x", "x"),
    ROW("\"html\"", "<script>alert(1)", ""),
    ROW("\"html\"", "<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt&gt;alert(1)ipt&gt;"),
    ROW("\"html\"", "<b/onmouseover=alert(1)>x</b>", "<b>x</b>"),
    ROW("\"html\"", "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
        "<a rel=\"nofollow noopener\">x</a>"),
    ROW("\"html\"", "<a href=\"javascript&colon;alert(1)\">x</a>",
        "<a rel=\"nofollow noopener\">x</a>"),
    ROW("\"html\"", "<a href=\"&#1;javascript:alert(1)\">x</a>",
        "<a rel=\"nofollow noopener\">x</a>"),
    ROW("\"html\"", "<a href=\" data:text/html,x\">x</a>",
        "<a rel=\"nofollow noopener\">x</a>"),
    ROW("\"html\"", "<a href=x href=https://a.example/>x</a>",
        "<a rel=\"nofollow noopener\">x</a>"),
    /* what means one thing here and another after it was parsed once */
    ROW("\"html\"", "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", ""),
    ROW("\"html\"",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;"
        "&lt;img src=1 onerror=alert(1)&gt;\">",
        ""),
    ROW("\"html\"", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "&quot;&gt;"),
    ROW("\"html\"", "<template><b>x</template></b>y", "y"),
    ROW("\"html\"", "<template><template>x</template>y</template>z", "z"),
    ROW("\"html\"", "<title><b></title><b>x", "<b>x</b>"),
    ROW("\"html\"", "<textarea></textarea><img src=x>", ""),
    ROW("\"html\"",
        "<select><template><style><!--</style><a rel=\"--></style></template>"
        "</select><img id=x src onerror=alert(1)>\"></a>",
        "&quot;&gt;"),
    ROW("\"html\"", "<!--><img src=x onerror=alert(1)>-->", "--&gt;"),
    ROW("\"html\"", "<!---><b>x</b>-->", "<b>x</b>--&gt;"),
    ROW("\"html\"", "<!-- a --!><b>x</b>", "<b>x</b>"),
    ROW("\"html\"", "<![CDATA[<b>x]]>y", "x]]&gt;y"),
    ROW("\"html\"", "</ b>x</>y<?b>z", "xyz"),
    ROW("\"html\"", "<form><input name=attributes>x", "x"),
    ROW("\"html\"", "<table><tr><td>a</td></tr></table>", "a"),
    ROW("{\"html\": {\"elements\": [\"table\", \"b\", \"p\"]}}",
        "<p>a<table> <tr><td colspan=2>x<p>y<td>z</td> w <b>v</b><caption>c<tr><th>t</table>u",
        "<p>a</p><table> <tbody><tr><td colspan=\"2\">x<p>y</p></td><td>z</td></tr></tbody>"
        "<caption>c</caption><tbody><tr><th>t</th></tr></tbody></table>u"),
    ROW("{\"html\": {\"elements\": [\"table\", \"b\"]}}",
        "<tr><td>x</td></tr><table><td><table><b>y</b></table></b></td></tr>z</table>",
        "x<table><tbody><tr><td><table></table></td></tr></tbody></table>"),
    ROW("\"html\"", "<b <i>x</b>", "<b>x</b>"),
    ROW("\"html\"", "<b =x>y", "<b>y</b>"),
    ROW("\"html\"", "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;"),
    ROW("[\"html\", \"nfkc\"]", "\xef\xbc\x9cscript\xef\xbc\x9ex", ""),
};

static void check_row(const struct row *r)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    struct clean_outcome once, again;
    struct err e = {0};
    struct clean *c = read_rules(a, r->rules, &e);
    bool ok;

    if (!CHECK(c != NULL, "%s are rules: %s", r->rules, e.what))
        return;
    ok = clean_text(c, a, r->given, &once);
    if (r->why) {
        CHECK(!ok, "%s refuses '%.*s'", r->rules, STR_ARG(r->given));
        CHECK_STR(str_of(ok ? "" : once.why), r->why, "  saying why");
        return;
    }
    if (!CHECK(ok, "%s takes '%.*s'", r->rules, STR_ARG(r->given)))
        return;
    if (!r->expected.at) {
        CHECK(once.text.at == r->given.at && !once.changed, "  and hands the same text back");
        return;
    }
    tap_check_str(once.text, r->expected, __FILE__, __LINE__,
                  "  and makes it what it is to be");
    ok = clean_text(c, a, once.text, &again);
    CHECK(ok && again.text.at == once.text.at && !again.changed, "  which is clean then");
}

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_row(&rows[i]);
}

/* ---- lists that are wrong ---- */

static void test_errors(void)
{
    static const struct {
        const char *rules, *what, *fix;
    } rows[] = {
        {"\"trimm\"", "there is no cleaning rule 'trimm'", "did you mean 'trim'?"},
        {"\"sanitize\"", "there is no cleaning rule 'sanitize'",
         "the rules are in docs/cleaning.md"},
        {"[\"trim\", \"trim\"]", "'trim' stands twice", ""},
        {"[\"lower\", \"upper\"]", "'lower' and 'upper' undo one another", ""},
        {"[\"nfc\", \"nfkc\"]", "'nfc' and 'nfkc' undo one another", ""},
        {"[\"html\", \"text\"]", "'html' and 'text' undo one another", ""},
        {"[\"upper\", \"email\"]", "'upper' and 'email' undo one another", ""},
        {"[\"url\", \"lower\"]", "'url' and 'lower' undo one another", ""},
        {"{\"trim\": {}}", "'trim' takes no parameters", ""},
        {"{\"strip-bidi\": {}}", "'strip-bidi' takes no parameters", ""},
        {"7", "a cleaning rule is a name, or a name with its parameters", ""},
        {"{\"trim\": 1, \"nfc\": 2}",
         "a cleaning rule is a name, or a name with its parameters", ""},
        {"{\"html\": {\"elements\": [\"script\"]}}", "the element 'script' is never allowed",
         ""},
        {"{\"html\": {\"elements\": [\"td\"]}}", "'td' is allowed with its 'table'", ""},
        {"{\"html\": {\"elements\": [\"stong\"]}}", "'stong' is no element that can be allowed",
         "did you mean 'strong'?"},
        {"{\"html\": {\"attributes\": [\"onclick\"]}}",
         "'onclick' is no attribute that can be allowed", ""},
        {"{\"html\": {\"elments\": []}}", "'html' has no parameter 'elments'",
         "did you mean 'elements'?"},
        {"{\"html\": {\"schemes\": [\"javascript\"]}}",
         "'javascript' is no scheme whose URLs have one form", ""},
        {"{\"url\": {\"schemes\": \"https\"}}", "this parameter of 'url' is a list of words",
         ""},
        {"{\"path\": \"../x\"}", "the root '../x' is a path that leads upwards", ""},
        {"[\"lower\", {\"path\": \"Uploads\"}]",
         "the other rules would change the root of 'path'", ""},
        {"{\"file-name\": {\"max\": 2}}", "'max' is a number of bytes from 8 to 255", ""},
        {"{\"strip-control\": {\"keep\": [\"esc\"]}}",
         "what 'strip-control' may keep is tab, lf and cr", ""},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        CLEANUP(arena_freep) struct arena *a = arena_new(0);
        struct err e = {0};

        CHECK(!read_rules(a, rows[i].rules, &e), "%s is refused", rows[i].rules);
        CHECK_STR(str_of(e.what), rows[i].what, "  saying why");
        CHECK_STR(str_of(e.fix), rows[i].fix, "  and the way out");
    }
}

static void test_limits(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new((size_t)256 << 20);
    struct clean_outcome o;
    struct err e = {0};
    struct clean *html = read_rules(a, "\"html\"", &e), *trim = read_rules(a, "\"trim\"", &e);
    size_t n = (size_t)CLEAN_TEXT_MAX + 1;
    char *text = arena_alloc(a, n);

    memset(text, '<', n);
    CHECK(!clean_text(trim, a, (str){text, n}, &o) && str_is(str_of(o.why), "is too long"),
          "a text that is too long is refused");
    CHECK(!clean_text(html, a, (str){text, n - 1}, &o), "and so is one that would become so");
    CHECK(!clean_text(trim, a, STR("\xff"), &o) && str_is(str_of(o.why), "is not UTF-8"),
          "and what is not UTF-8");
    for (size_t i = 0; i + 3 <= n; i += 3)
        memcpy(text + i, "<b>", 3);
    CHECK(clean_text(html, a, (str){text, 300000}, &o) && o.text.len == 64 * 7,
          "elements are nested 64 deep and no deeper");
}

/* ---- normalisation against the library's own ---- */

static void check_code(struct arena *a, struct clean *c, uninorm_t form, uint32_t code,
                       unsigned *wrong)
{
    /* alone, behind a letter, behind a mark, before a mark that may move or join */
    const uint32_t text[] = {'a', code, 0x323, 0x301, 0x1100, code, 0x1161, 'e', 0x301, code};
    uint8_t bytes[64];
    size_t n = sizeof(bytes), m = 0;
    struct clean_outcome o;
    uint8_t *normal;

    if (!u32_to_u8(text, COUNT(text), bytes, &n))
        return;
    normal = u8_normalize(form, bytes, n, NULL, &m);
    *wrong += !clean_text(c, a, (str){(char *)bytes, n}, &o) ||
              !str_equal(o.text, (str){(char *)normal, m});
    free(normal);
}

static void test_normal(const char *rule, uninorm_t form)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    CLEANUP(arena_freep) struct arena *work = arena_new(0);
    struct err e = {0};
    struct clean *c = read_rules(a, rule, &e);
    unsigned wrong = 0;

    for (uint32_t code = 1; code < 0x110000; code++) {
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        check_code(work, c, form, code, &wrong);
        arena_reset(work);
    }
    CHECK(wrong == 0, "%s agrees with the library about every code point", rule);
}

/* ---- random texts under random lists ---- */

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const str pieces[] = {
    STR_INIT(" "),
    STR_INIT("\r\n"),
    STR_INIT("\t"),
    STR_INIT("\0"),
    STR_INIT("a"),
    STR_INIT("B"),
    STR_INIT("\xc3\x9f"),
    STR_INIT("\xc4\xb0"),
    STR_INIT("\xce\xa3"),
    STR_INIT("e\xcc\x81"),
    STR_INIT("\xef\xbc\x9c"),
    STR_INIT("\xef\xbc\x9e"),
    STR_INIT("\xef\xbc\x8f"),
    STR_INIT("\xef\xbc\x8e"),
    STR_INIT("\xe2\x80\xae"),
    STR_INIT("\xe2\x80\x8d"),
    STR_INIT("\xf0\x9f\x91\xa9"),
    STR_INIT("\xef\xb8\x8f"),
    STR_INIT("\xcc\xa7"),
    STR_INIT("<"),
    STR_INIT(">"),
    STR_INIT("&"),
    STR_INIT("amp;"),
    STR_INIT("lt;"),
    STR_INIT("<b>"),
    STR_INIT("</b>"),
    STR_INIT("<p>"),
    STR_INIT("</p>"),
    STR_INIT("<li>"),
    STR_INIT("<ul>"),
    STR_INIT("<pre>"),
    STR_INIT("<a href="),
    STR_INIT("\""),
    STR_INIT("'"),
    STR_INIT("script"),
    STR_INIT("<script>"),
    STR_INIT("</script>"),
    STR_INIT("<svg>"),
    STR_INIT("<style>"),
    STR_INIT("<!--"),
    STR_INIT("-->"),
    STR_INIT("https://"),
    STR_INIT("example.com"),
    STR_INIT("/"),
    STR_INIT("."),
    STR_INIT(".."),
    STR_INIT("%2e"),
    STR_INIT("%2F"),
    STR_INIT("@"),
    STR_INIT(":"),
    STR_INIT("443"),
    STR_INIT("?q="),
    STR_INIT("#"),
    STR_INIT("con"),
    STR_INIT("-"),
    STR_INIT("uploads"),
    STR_INIT("\xd9\x85"),
    STR_INIT("\xe2\x80\x8c"),
    STR_INIT("="),
    STR_INIT("\xe2\x84\xab"),
    STR_INIT("\xef\xb7\xba"),
};

static const char *random_rules(struct arena *a, uint64_t *state)
{
    size_t n = 1 + next_random(state) % 4;
    const char *list = "";

    for (unsigned i = 0; i < n; i++) {
        const char *name = clean_rules[next_random(state) % 21].name;
        const char *form =
            str_is(str_of(name), "path") ? "%s%s{\"%s\": \"up/\"}" : "%s%s\"%s\"";

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        list = arena_format(a, form, list, i ? "," : "", name).at;
#pragma GCC diagnostic pop
    }
    return arena_format(a, "[%s]", list).at;
}

static str random_text(struct arena *a, uint64_t *state)
{
    size_t n = next_random(state) % 12;
    struct buf b = {0};
    str text;

    while (n--)
        buf_add(&b, pieces[next_random(state) % COUNT(pieces)]);
    text = arena_str(a, buf_str(&b));
    buf_free(&b);
    return text;
}

static void test_rest(void)
{
    CLEANUP(arena_freep) struct arena *a = arena_new(0);
    uint64_t state = 0x9e3779b97f4a7c15u;
    unsigned applied = 0, moved = 0, restless = 0;

    for (unsigned i = 0; i < 100000; i++) {
        struct clean_outcome once, again;
        struct err e = {0};
        struct clean *c;
        str text;

        arena_reset(a);
        c = read_rules(a, random_rules(a, &state), &e);
        text = random_text(a, &state);
        if (!c)
            continue;
        if (!clean_text(c, a, text, &once)) {
            restless += str_is(str_of(once.why), "does not come to rest");
            continue;
        }
        applied++;
        moved += !clean_text(c, a, once.text, &again) || again.changed ||
                 again.text.at != once.text.at;
    }
    CHECK(applied > 20000 && moved == 0, "what is clean stays as it is, under %u lists",
          applied);
    CHECK(restless == 0, "and every list that may be written comes to rest");
}

int main(void)
{
    check_rows(space_rows, COUNT(space_rows));
    check_rows(unicode_rows, COUNT(unicode_rows));
    check_rows(strip_rows, COUNT(strip_rows));
    check_rows(file_rows, COUNT(file_rows));
    check_rows(email_rows, COUNT(email_rows));
    check_rows(url_rows, COUNT(url_rows));
    check_rows(text_rows, COUNT(text_rows));
    check_rows(html_rows, COUNT(html_rows));
    test_errors();
    test_limits();
    test_normal("\"nfc\"", UNINORM_NFC);
    test_normal("\"nfkc\"", UNINORM_NFKC);
    test_rest();
    return tap_end();
}
