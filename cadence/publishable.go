package cadence

import (
	"fmt"
	"strings"
)

// Publishable reports, as errors, everything that keeps a document from being
// published: what Validate calls an error, names the instance does not have,
// loops without delay, and parts the model holds but the engine does not run
// yet. Nothing is published with a part of it ignored.
func Publishable(doc *Document, known Known) []Problem {
	p := &publisher{doc: doc, known: known}
	for _, problem := range Validate(doc, known) {
		if problem.Severity == SeverityError {
			p.add(problem)
		}
	}
	for _, ref := range Missing(doc, known) {
		p.errorAt(ref.Path, "missing_"+string(ref.Kind), p.where(ref.Path)+ref.message(), ref.remedy())
	}
	for _, problem := range loops(doc, known) {
		p.add(problem)
	}
	p.document()
	for i := range doc.Steps {
		p.step(at("steps", i), &doc.Steps[i])
	}
	p.targets()
	return p.problems
}

type publisher struct {
	findings
	doc   *Document
	known Known
}

// where names the step that a path lies in by its key, "" outside of steps.
func (p *publisher) where(path string) string {
	for i := range p.doc.Steps {
		if strings.HasPrefix(path, at("steps", i)+".") {
			return fmt.Sprintf("step %q: ", p.doc.Steps[i].Key)
		}
	}
	return ""
}

// unsupported says that a part of the model does not run in this release.
func (p *publisher) unsupported(path, what, remedy string) {
	p.errorAt(path, "not_supported", what+" cannot run in this release", remedy)
}

func (p *publisher) document() {
	if p.doc.Audience.Type == audienceView {
		p.unsupported("audience.type", "enrolling by a view", "choose manual")
	}
	if r := p.doc.TimeRestrictions; r != nil && r.Holidays {
		if foreign := p.known.foreign(); len(foreign) > 0 {
			p.unsupported("time_restrictions.holidays", "keeping the public holidays of "+strings.Join(foreign, ", "), "only those of the US are built in; set it to false")
		}
	}
	p.connects("connect", p.doc.Connect)
}

func (p *publisher) step(path string, s *Step) {
	switch s.Kind {
	case StepEmail, StepTask:
		p.unsupported(path+".kind", fmt.Sprintf("a step of kind %s", s.Kind), "use a call")
	case StepCall:
	}
	if s.PlacedBy == placedByRep {
		p.unsupported(path+".placed_by", "a call placed by a rep", "choose dialer")
	}
	if s.Parent != "" {
		p.unsupported(path+".parent", "a tree of steps", "put the steps in order and use routes")
	}
	if len(s.Boosts) > 0 {
		p.unsupported(path+".boosts", "boosting by signals", "remove it")
	}
	if s.Advanced.AI != nil {
		p.unsupported(path+".advanced.ai", "an AI caller", "remove it")
	}
	p.connects(path+".connect", s.Connect)
}

func (p *publisher) connects(path string, list []Connect) {
	for i := range list {
		switch c := &list[i]; c.To {
		case ConnectAgents, ConnectAI:
			p.unsupported(at(path, i)+".to", fmt.Sprintf("connecting to %s", c.To), "choose number, sip or message")
		case ConnectMessage:
			p.noKeyLeft(at(path, i), c)
			p.keys(at(path, i)+".gather", c)
		case ConnectNumber, ConnectSIP:
		}
	}
}

// keys refuses keys that stand for what only the engine can say of a call: one
// for CANCELLED would call the person who pressed it again and again.
func (p *publisher) keys(path string, c *Connect) {
	if p.known.EngineOnly == nil {
		return
	}
	for _, key := range sortedKeys(c.Gather) {
		if code := c.Gather[key]; p.known.EngineOnly(code) {
			p.errorAt(under(path, key), "engine_only", fmt.Sprintf("%s is given by the engine only: nobody can mean it by a key", clip(string(code))), "name an outcome that a person can choose, for example INTERESTED or DNC")
		}
	}
}

// targets wants a place for the answered call of every step the dialer places.
func (p *publisher) targets() {
	if len(p.doc.Connect) > 0 {
		return
	}
	for i := range p.doc.Steps {
		s := &p.doc.Steps[i]
		if s.Kind == StepCall && s.PlacedBy != placedByRep && len(s.Connect) == 0 {
			p.errorAt(at("steps", i)+".connect", "no_target", "an answered call would have nowhere to go", "give the cadence or the step a connect target")
		}
	}
}
