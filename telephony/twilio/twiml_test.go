package twilio_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/telephony"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

func TestRender(t *testing.T) {
	id := cadence.ID{1}
	h := testHooks(t)
	hash := strings.Repeat("a1", 32)
	stored, err := h.MediaURL(hash)
	if err != nil {
		t.Fatal(err)
	}
	escaped := func(k twilio.Kind) string { return strings.ReplaceAll(h.URL(k, id), "&", "&amp;") }
	cases := []struct {
		name   string
		script telephony.Script
		want   string
	}{
		{"empty", nil, `<Hangup></Hangup>`},
		{
			"message",
			telephony.Script{
				telephony.Pause{For: 1500 * time.Millisecond},
				telephony.Say{Text: "Hello </Say><Dial>&\x00\x07\n you", Voice: "Polly.Joanna", Language: "en-US"},
				telephony.Hangup{},
			},
			`<Pause length="2"></Pause><Say voice="Polly.Joanna" language="en-US">Hello &lt;/Say&gt;&lt;Dial&gt;&amp;  you</Say><Hangup></Hangup>`,
		},
		{"nothing to say", telephony.Script{telephony.Say{Text: "\x01 \n"}, telephony.Pause{}}, ``},
		{"audio", telephony.Script{telephony.Play{URL: "https://example.com/a.mp3?x=1&y=2"}}, `<Play>https://example.com/a.mp3?x=1&amp;y=2</Play>`},
		{
			"a message to be heard whole",
			telephony.Script{telephony.Play{URL: "media:sha256-" + hash}, telephony.Played{Attempt: id}},
			`<Play>` + stored + `</Play><Redirect method="POST">` + escaped(twilio.KindPlayed) + `</Redirect>`,
		},
		{
			"to a number",
			telephony.Script{telephony.Connect{
				Attempt: id, Number: "+13035550150", CallerID: "+13035550100",
				Ring: 20 * time.Second, TimeLimit: time.Hour,
			}},
			`<Dial action="` + escaped(twilio.KindDial) + `" method="POST" timeout="20" timeLimit="3600" callerId="+13035550100"><Number statusCallbackEvent="answered" statusCallback="` + escaped(twilio.KindLeg) + `" statusCallbackMethod="POST">+13035550150</Number></Dial>`,
		},
		{
			"to SIP",
			telephony.Script{telephony.Connect{Attempt: id, SIP: "sip:desk@pbx.example.com;transport=tls"}},
			`<Dial action="` + escaped(twilio.KindDial) + `" method="POST"><Sip statusCallbackEvent="answered" statusCallback="` + escaped(twilio.KindLeg) + `" statusCallbackMethod="POST">sip:desk@pbx.example.com;transport=tls</Sip></Dial>`,
		},
		{
			"keys",
			telephony.Script{telephony.Gather{Attempt: id, Wait: 5 * time.Second, Prompt: telephony.Script{telephony.Say{Text: "Press 9"}}}},
			`<Gather finishOnKey="" input="dtmf" numDigits="1" action="` + escaped(twilio.KindGather) + `" method="POST" timeout="5"><Say>Press 9</Say></Gather>`,
		},
	}
	for _, c := range cases {
		got, err := twilio.Render(c.script, h)
		want := xml.Header + "<Response>" + c.want + "</Response>"
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, got, want)
		}
	}
}

type strange struct{ telephony.Verb }

func TestRenderRefuses(t *testing.T) {
	id := cadence.ID{1}
	number := func(change func(*telephony.Connect)) telephony.Script {
		c := telephony.Connect{Attempt: id, Number: "+13035550150"}
		change(&c)
		return telephony.Script{c}
	}
	long := make(telephony.Script, 30)
	for i := range long {
		long[i] = telephony.Say{Text: strings.Repeat("<", 4096)}
	}
	cases := map[string]telephony.Script{
		"nil verb":              {nil},
		"strange verb":          {strange{}},
		"no target":             number(func(c *telephony.Connect) { c.Number = "" }),
		"two targets":           number(func(c *telephony.Connect) { c.SIP = "sip:a@b" }),
		"client as number":      number(func(c *telephony.Connect) { c.Number = "client:x" }),
		"caller ID of letters":  number(func(c *telephony.Connect) { c.CallerID = "ACME" }),
		"no attempt":            number(func(c *telephony.Connect) { c.Attempt = cadence.ID{} }),
		"rings for ever":        number(func(c *telephony.Connect) { c.Ring = time.Hour }),
		"negative limit":        number(func(c *telephony.Connect) { c.TimeLimit = -1 }),
		"SIP with a tag":        number(func(c *telephony.Connect) { c.Number, c.SIP = "", "sip:a@b<x>" }),
		"SIP with a blank":      number(func(c *telephony.Connect) { c.Number, c.SIP = "", "sip:a b@c" }),
		"not SIP":               number(func(c *telephony.Connect) { c.Number, c.SIP = "", "https://a@b" }),
		"a long SIP":            number(func(c *telephony.Connect) { c.Number, c.SIP = "", "sip:"+strings.Repeat("a", 300) }),
		"audio of a file":       {telephony.Play{URL: "file:///etc/passwd"}},
		"audio with user":       {telephony.Play{URL: "https://u:p@example.com/a"}},
		"no audio":              {telephony.Play{}},
		"stored audio, no hash": {telephony.Play{URL: "media:sha256-12"}},
		"played by nobody":      {telephony.Played{}},
		"played in gather":      {telephony.Gather{Attempt: id, Prompt: telephony.Script{telephony.Played{Attempt: id}}}},
		"voice with a quote":    {telephony.Say{Text: "x", Voice: `a" b="c`}},
		"language with a blank": {telephony.Say{Text: "x", Language: "en US"}},
		"long pause":            {telephony.Pause{For: time.Hour}},
		"gather in gather":      {telephony.Gather{Attempt: id, Prompt: telephony.Script{telephony.Gather{Attempt: id}}}},
		"dial in gather":        {telephony.Gather{Attempt: id, Prompt: number(func(*telephony.Connect) {})}},
		"hangup in gather":      {telephony.Gather{Attempt: id, Prompt: telephony.Script{telephony.Hangup{}}}},
		"gather of nobody":      {telephony.Gather{}},
		"over 64 kB":            long,
		"many verbs":            make(telephony.Script, 0),
	}
	for range 101 {
		cases["many verbs"] = append(cases["many verbs"], telephony.Hangup{})
	}
	for name, script := range cases {
		if got, err := twilio.Render(script, testHooks(t)); !errors.Is(err, twilio.ErrScript) || got != nil {
			t.Errorf("%s: %v\n%.200s", name, err, got)
		}
	}
	if _, err := twilio.Render(number(func(*telephony.Connect) {}), nil); !errors.Is(err, twilio.ErrScript) {
		t.Errorf("an action without hooks: %v", err)
	}
	if _, err := twilio.Render(telephony.Script{telephony.Say{Text: "x"}}, nil); err != nil {
		t.Errorf("a message needs no hooks: %v", err)
	}
}

func TestSayIsCut(t *testing.T) {
	got, err := twilio.Render(telephony.Script{telephony.Say{Text: strings.Repeat("ü", 5000)}}, nil)
	if err != nil || strings.Count(string(got), "ü") != twilio.MaxSayText {
		t.Fatalf("%d characters, %v", strings.Count(string(got), "ü"), err)
	}
}

// twimlTable is the reduced description of TwiML in testdata.
func twimlTable(t testing.TB) map[string]struct{ Attributes, Children []string } {
	t.Helper()
	raw, err := os.ReadFile("testdata/twiml.json")
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Elements map[string]struct{ Attributes, Children []string }
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	return table.Elements
}

// tree reads a document back: its elements in order, each with its depth, and
// checks nesting and attributes against the table.
func tree(t interface{ Fatalf(string, ...any) }, doc []byte, table map[string]struct{ Attributes, Children []string }) []string {
	d := xml.NewDecoder(bytes.NewReader(doc))
	var path, seen []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return seen
		}
		if err != nil {
			t.Fatalf("the document cannot be read back: %v\n%s", err, doc)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name := e.Name.Local
			if len(path) == 0 && name != "Response" || len(path) > 0 && !slices.Contains(table[path[len(path)-1]].Children, name) {
				t.Fatalf("%s stands in %v\n%s", name, path, doc)
			}
			for _, a := range e.Attr {
				if !slices.Contains(table[name].Attributes, a.Name.Local) {
					t.Fatalf("%s has the attribute %s\n%s", name, a.Name.Local, doc)
				}
			}
			path = append(path, name)
			seen = append(seen, strings.Join(path, "/"))
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.Comment, xml.Directive:
			t.Fatalf("the document has a comment or directive\n%s", doc)
		}
	}
}

// expected lists the elements a script may give, from the script alone.
func expected(script telephony.Script, at string) []string {
	var all []string
	for _, v := range script {
		switch v := v.(type) {
		case telephony.Say:
			all = append(all, at+"/Say")
		case telephony.Play:
			all = append(all, at+"/Play")
		case telephony.Pause:
			all = append(all, at+"/Pause")
		case telephony.Hangup:
			all = append(all, at+"/Hangup")
		case telephony.Connect:
			all = append(all, at+"/Dial")
			if v.Number != "" {
				all = append(all, at+"/Dial/Number")
			} else {
				all = append(all, at+"/Dial/Sip")
			}
		case telephony.Gather:
			all = append(append(all, at+"/Gather"), expected(v.Prompt, at+"/Gather")...)
		}
	}
	return all
}

// Whatever the data, the document has the script's verbs and no other.
func TestDataCannotAddAVerb(t *testing.T) {
	h, table := testHooks(t), twimlTable(t)
	hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"</Say><Dial>+13035550199</Dial><Say>", "]]>", "<![CDATA[", "<!--", "<?xml?>", "&lt;Hangup/&gt;", `" action="x`, "\x00\x1b\u0085\ufffe", "a]]><Hangup/>",
	}))
	verb := rapid.Custom(func(rt *rapid.T) telephony.Verb {
		switch rapid.IntRange(0, 5).Draw(rt, "verb") {
		case 0:
			return telephony.Say{Text: "x" + hostile.Draw(rt, "text"), Voice: rapid.SampledFrom([]string{"", "alice"}).Draw(rt, "voice")}
		case 1:
			return telephony.Play{URL: "https://example.com/" + hostile.Draw(rt, "url")}
		case 2:
			return telephony.Pause{For: time.Second}
		case 3:
			return telephony.Connect{Attempt: cadence.ID{1}, SIP: "sip:" + hostile.Draw(rt, "sip")}
		case 4:
			return telephony.Gather{Attempt: cadence.ID{1}, Prompt: telephony.Script{telephony.Say{Text: "y" + hostile.Draw(rt, "prompt")}}}
		}
		return telephony.Hangup{}
	})
	rapid.Check(t, func(rt *rapid.T) {
		script := telephony.Script(rapid.SliceOfN(verb, 1, 5).Draw(rt, "script"))
		doc, err := twilio.Render(script, h)
		if err != nil {
			return
		}
		again, _ := twilio.Render(script, h)
		if !bytes.Equal(doc, again) {
			rt.Fatalf("two renderings differ:\n%s\n%s", doc, again)
		}
		want := append([]string{"Response"}, expected(script, "Response")...)
		if got := tree(rt, doc, table); !slices.Equal(got, want) {
			rt.Fatalf("elements %v, want %v\n%s", got, want, doc)
		}
	})
}

func FuzzRender(f *testing.F) {
	f.Add("Hello", "alice", "https://example.com/a.mp3", "sip:a@b")
	f.Add("</Say><Dial/>", `a"b`, "http://x/]]>", "sip:a@b<c>")
	f.Add("\x00\xff\ufffe", "", "file:///x", "+13035550150")
	h, table := testHooks(f), twimlTable(f)
	f.Fuzz(func(t *testing.T, text, voice, link, sip string) {
		for _, script := range []telephony.Script{
			{telephony.Say{Text: "x" + text, Voice: voice}},
			{telephony.Play{URL: link}},
			{telephony.Connect{Attempt: cadence.ID{1}, SIP: sip}},
			{telephony.Connect{Attempt: cadence.ID{1}, Number: cadence.Number(sip), CallerID: cadence.Number(voice)}},
			{telephony.Gather{Attempt: cadence.ID{1}, Prompt: telephony.Script{telephony.Say{Text: "x" + text, Language: voice}}}},
		} {
			doc, err := twilio.Render(script, h)
			if err != nil {
				continue
			}
			want := append([]string{"Response"}, expected(script, "Response")...)
			if got := tree(t, doc, table); !slices.Equal(got, want) || len(doc) > twilio.MaxTwiML || !utf8.Valid(doc) {
				t.Fatalf("elements %v, want %v\n%s", got, want, doc)
			}
		}
	})
}
