package simcarrier

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Limits of a TwiML document. The size is Twilio's (error 11750).
const (
	maxTwiML      = 64 << 10
	maxTwiMLDepth = 8
	maxAttr       = 7 * 24 * 60 * 60 // of a number, mostly seconds
)

// The carrier's errors about a client's documents and URLs.
const (
	codeFetchFailed = 11200
	codeTooLarge    = 11750
	codeParse       = 12100
	codeSchema      = 12200
	codeContentType = 12300
	codeDialCaller  = 13214
)

// twimlError is why a document cannot be followed.
type twimlError struct {
	code int
	text string
}

func (e *twimlError) Error() string { return fmt.Sprintf("%d: %s", e.code, e.text) }

func badTwiML(code int, format string, args ...any) *twimlError {
	return &twimlError{code: code, text: fmt.Sprintf(format, args...)}
}

// verb is one element of a document.
type verb struct {
	name string
	attr map[string]string
	text string
	kids []verb
}

// document is a parsed script and the URL that relative ones in it refer to.
type document struct {
	verbs []verb
	base  *url.URL
}

// parseTwiML reads a document. It accepts only what this carrier can follow;
// the real one would skip some of what is refused here with a warning, but a
// dialer has no business sending it.
func parseTwiML(raw []byte, base *url.URL) (*document, error) {
	if len(raw) > maxTwiML {
		return nil, badTwiML(codeTooLarge, "the document has more than %d bytes", maxTwiML)
	}
	d := xml.NewDecoder(bytes.NewReader(raw)) //nolint:gosec // read by token, with its size, depth and kinds limited
	root, err := readRoot(d)
	if err != nil {
		return nil, err
	}
	if root.name != "Response" {
		return nil, badTwiML(codeParse, "the root element is <%s>, not <Response>", root.name)
	}
	for i := range root.kids {
		if err := root.kids[i].check(false); err != nil {
			return nil, err
		}
	}
	return &document{verbs: root.kids, base: base}, nil
}

func readRoot(d *xml.Decoder) (verb, error) {
	var root verb
	seen := false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) && seen {
			return root, nil
		}
		if err != nil {
			return verb{}, badTwiML(codeParse, "not XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if seen {
				return verb{}, badTwiML(codeParse, "more than one root element")
			}
			if root, err = readVerb(d, tok, 0); err != nil {
				return verb{}, err
			}
			seen = true
		case xml.CharData:
			if len(bytes.TrimSpace(tok)) > 0 {
				return verb{}, badTwiML(codeParse, "text outside the root element")
			}
		case xml.Directive:
			return verb{}, badTwiML(codeParse, "a document type is not allowed")
		}
	}
}

func readVerb(d *xml.Decoder, start xml.StartElement, depth int) (verb, error) {
	if depth > maxTwiMLDepth {
		return verb{}, badTwiML(codeSchema, "elements nested deeper than %d", maxTwiMLDepth)
	}
	v := verb{name: start.Name.Local, attr: map[string]string{}}
	for _, a := range start.Attr {
		v.attr[a.Name.Local] = a.Value
	}
	var text strings.Builder
	for {
		tok, err := d.Token()
		if err != nil {
			return verb{}, badTwiML(codeParse, "not XML: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			kid, err := readVerb(d, tok, depth+1)
			if err != nil {
				return verb{}, err
			}
			v.kids = append(v.kids, kid)
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			v.text = strings.TrimSpace(text.String())
			return v, nil
		}
	}
}

// check reports the first thing in a verb that cannot be followed.
func (v *verb) check(inGather bool) error {
	switch v.name {
	case "Say", "Play", "Pause":
		if v.name == "Say" && v.text == "" {
			return badTwiML(codeSchema, "<Say> without text")
		}
		return v.checkNumbers("length", "loop")
	case "Redirect", "Hangup", "Reject":
		if inGather {
			break
		}
		return nil
	case "Gather":
		if inGather {
			break
		}
		for i := range v.kids {
			if err := v.kids[i].check(true); err != nil {
				return err
			}
		}
		return v.checkNumbers("timeout", "numDigits")
	case "Dial":
		if inGather {
			break
		}
		return v.checkDial()
	}
	if inGather {
		return badTwiML(codeSchema, "<%s> is not allowed in <Gather>", v.name)
	}
	return badTwiML(codeSchema, "<%s> is not a verb this carrier follows", v.name)
}

func (v *verb) checkDial() error {
	targets := len(v.kids)
	if v.text != "" {
		targets++
	}
	if targets != 1 {
		return badTwiML(codeSchema, "<Dial> has %d targets; this carrier dials exactly one", targets)
	}
	if len(v.kids) == 1 && v.kids[0].name != "Number" && v.kids[0].name != "Sip" {
		return badTwiML(codeSchema, "<Dial> to <%s> is not followed by this carrier", v.kids[0].name)
	}
	return v.checkNumbers("timeout", "timeLimit")
}

func (v *verb) checkNumbers(names ...string) error {
	for _, name := range names {
		if text, ok := v.attr[name]; ok {
			if n, err := strconv.Atoi(text); err != nil || n < 0 || n > maxAttr {
				return badTwiML(codeSchema, "<%s %s=%q>: want a whole number up to %d", v.name, name, text, maxAttr)
			}
		}
	}
	return nil
}

// number is a whole-number attribute, or its default.
func (v *verb) number(name string, otherwise int) int {
	if n, err := strconv.Atoi(v.attr[name]); err == nil {
		return n
	}
	return otherwise
}

// seconds is number as a duration.
func (v *verb) seconds(name string, otherwise int) time.Duration {
	return time.Duration(v.number(name, otherwise)) * time.Second
}

// loops is how often Say or Play repeats; the attribute 0 means until the
// call ends, and TwiML's own limit is 1000.
func (v *verb) loops() int {
	n := v.number("loop", 1)
	if n == 0 || n > 1000 {
		return 1000
	}
	return n
}
