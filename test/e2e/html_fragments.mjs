// HTML for the cleaning rule, and what comes out of it held against the parser of the WHATWG's
// rules that others use.
//
//   html_fragments.mjs make COUNT SEED    COUNT lines, each a JSON string
//   html_fragments.mjs check              such lines on stdin; tells those that change when they
//                                         are parsed and written again
import { readFileSync } from "node:fs";
import { parse, parseFragment, serialize } from "parse5";

const elements = ["a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "figure", "h1", "h2", "hr", "i",
  "img", "li", "ol", "p", "pre", "q", "span", "ul", "svg", "math", "table", "table", "caption", "thead", "tbody", "td", "th", "tr", "style", "script", "template",
  "select", "option", "form", "button", "noscript", "title", "textarea", "mtext", "foreignObject", "desc", "xmp"];
const pieces = [...elements.flatMap((name) => [`<${name}>`, `<${name}>`, `</${name}>`]), "text", " ", "\n", "&amp;", "&lt",
  "&nbsp;", "&#x3c;", "&#0;", "&notin;", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<", ">", "\"", "'", "`", "<a href=",
  "<a href='https://a.example/'>", "<a title=\"", "<td colspan=2>", "<table><tr><td>", "<img src=x onerror=y>", "<p class=c>", "<b/", "</", "<!doctype html>", "<?x"];

function random(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function make(count, seed) {
  const below = random(seed);
  for (let i = 0; i < count; i++) {
    const length = 1 + below(30);
    console.log(JSON.stringify(Array.from({ length }, () => pieces[below(pieces.length)]).join("")));
  }
}

// Ours writes more characters as references than serialize() does.
const text = (s) => s.replaceAll("&quot;", "\"").replaceAll("&#96;", "`").replaceAll("\u00a0", "&nbsp;");
const tag = (s) => s.replaceAll("&#96;", "`").replaceAll("\u00a0", "&nbsp;");
const expected = (html) => html.replace(/<[^>]*>|[^<]+/g, (part) => (part[0] === "<" ? tag(part) : text(part)));

function inBody(html) {
  const root = parse(`<!doctype html><body><i></i>${html}`).childNodes.find((n) => n.nodeName === "html");
  return serialize(root.childNodes.find((n) => n.nodeName === "body")).slice("<i></i>".length);
}

function check() {
  for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    const html = JSON.parse(line), want = expected(html);
    if (serialize(parseFragment(html)) !== want || inBody(html) !== want) console.log(line);
  }
}

if (process.argv[2] === "make") make(Number(process.argv[3]), Number(process.argv[4]));
else check();
