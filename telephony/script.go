package telephony

import (
	"time"

	"github.com/carillon-dialer/carillon/cadence"
)

// Script is what an answered call does, verb by verb. An empty script hangs
// up.
type Script []Verb

// Verb is one step of a script: Say, Play, Pause, Connect, Gather, Played or
// Hangup.
type Verb interface{ verb() }

// Say speaks text. Control characters are dropped; the text is cut to the
// carrier's limit by the adapter.
type Say struct {
	Text     string
	Voice    string
	Language string
}

// Play plays audio: from a public URL, or, named as in a document
// ("media:sha256-…"), a stored one, for which the adapter makes a signed URL.
type Play struct{ URL string }

// Pause waits, in whole seconds.
type Pause struct{ For time.Duration }

// Connect dials a number or a SIP address and bridges it with the person.
// When the leg ends the carrier reports EventDial for Attempt and follows the
// script it is answered with.
type Connect struct {
	Attempt   cadence.ID
	Number    cadence.Number // or
	SIP       string
	CallerID  cadence.Number
	Ring      time.Duration
	TimeLimit time.Duration
}

// Gather plays its verbs and waits for one key. A key is reported as
// EventGather for Attempt; without one the script goes on after it.
type Gather struct {
	Attempt cadence.ID
	Prompt  Script // Say, Play and Pause only
	Wait    time.Duration
}

// Played stands behind what is to be heard whole: a call that comes to it asks,
// as EventPlayed for Attempt, what follows. One that ends before has been cut.
type Played struct{ Attempt cadence.ID }

// Hangup ends the call.
type Hangup struct{}

func (Say) verb()     {}
func (Play) verb()    {}
func (Pause) verb()   {}
func (Connect) verb() {}
func (Gather) verb()  {}
func (Played) verb()  {}
func (Hangup) verb()  {}
