package cadence

import (
	"fmt"
	"strings"
)

// optOut tells what is said beside a document's own words, so that nobody is
// surprised by it: the offer of a key behind a message that names none, and a
// number behind a voicemail that names none. A message all of whose keys are
// used otherwise has none left for a no, which is an error.
func (l *linter) optOut() {
	l.messages("connect", l.doc.Connect)
	for i := range l.doc.Steps {
		path, s := at("steps", i), &l.doc.Steps[i]
		l.messages(path+".connect", s.Connect)
		if !s.Voicemail.Leave || s.Kind != StepCall {
			continue
		}
		switch {
		case s.Voicemail.Audio != "":
			l.warnAt(path+".voicemail.audio", "opt_out_number_added", "a recording cannot be looked into: the number to call to be taken off the list is said behind it", "leave it, or say the number in a text")
		case !NamesNumber(s.Voicemail.Text):
			l.warnAt(path+".voicemail.text", "opt_out_number_added", "the message names no telephone number: the one to call to be taken off the list is said behind it", "leave it, or name a number at which people can say no by key")
		}
	}
}

func (l *linter) messages(path string, list []Connect) {
	for i := range list {
		c := &list[i]
		if c.To != ConnectMessage {
			continue
		}
		key := OptOutKey(c, l.known.isNo)
		switch {
		case key == "":
			l.warnAt(at(path, i), "opt_out_key_added", "no key of the message means a no: one is offered behind it", "leave it, or give gather a key for a disposition such as DNC")
		case c.Text != "" && !strings.Contains(c.Text, key):
			l.warnAt(at(path, i)+".text", "opt_out_key_untold", fmt.Sprintf("the key %s means a no, and the text does not tell of it", key), "say in the text which key to press not to be called again")
		}
	}
}

// noKeyLeft reports, as an error of publishing, a message that uses all keys for
// something else than a no.
func (p *publisher) noKeyLeft(path string, c *Connect) {
	if c.To == ConnectMessage && OptOutKey(c, p.known.isNo) == "" && FreeKey(c, "9") == "" {
		p.errorAt(path+".gather", "no_opt_out_key", "every key is used, and none of them means a no", "give one to a disposition such as DNC: who hears a message must be able to say no by key")
	}
}

// isNo reports whether a code stands for people who ask not to be called.
func (k Known) isNo(code DispositionCode) bool {
	if k.No == nil {
		return k.canonical(code) == noCode
	}
	return k.No(code)
}

// noCode is the code of the shipped dispositions that means a no.
const noCode DispositionCode = "DNC"
