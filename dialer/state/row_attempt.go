package state

import (
	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/telephony"
)

// Number is what is known of a number, whoever's it is.
type Number struct {
	Number    cadence.Number `cbor:"1,keyasint"`
	Leads     []cadence.ID   `cbor:"2,keyasint,omitzero"`
	DNC       bool           `cbor:"3,keyasint,omitempty"`
	DNCAt     int64          `cbor:"4,keyasint,omitempty"`
	DNCReason string         `cbor:"5,keyasint,omitempty"`
	DNCSource string         `cbor:"6,keyasint,omitempty"`
	Retired   string         `cbor:"7,keyasint,omitempty"`
	RetiredAt int64          `cbor:"8,keyasint,omitempty"`
	Open      cadence.ID     `cbor:"9,keyasint,omitzero"`
	Intents   []int64        `cbor:"10,keyasint,omitempty"` // times of intents that may still count in a cap
	LastTouch cadence.ID     `cbor:"11,keyasint,omitzero"`  // the last ask that was answered with an intent
	LastTry   int            `cbor:"12,keyasint,omitempty"` // of asks that had no number of their own yet
	Region    string         `cbor:"13,keyasint,omitempty"`
	Last      cadence.ID     `cbor:"14,keyasint,omitzero"`  // the attempt of the last ask, when it is over
	LastAsk   int            `cbor:"15,keyasint,omitempty"` // which ask of LastTouch it was
	DNCBy     string         `cbor:"16,keyasint,omitempty"`
	Noes      []No           `cbor:"17,keyasint,omitempty"` // of a narrower scope than everything, each scope once
	Said      uint32         `cbor:"18,keyasint,omitempty"` // how many entries the history has
	Past      []cadence.ID   `cbor:"30,keyasint,omitempty"` // leads of it that were erased
	Consents  []Given        `cbor:"40,keyasint,omitempty"`
	Ends      []ConsentEnd   `cbor:"41,keyasint,omitempty"`
	Agreed    uint32         `cbor:"42,keyasint,omitempty"` // how many entries the history of consents has
	Heard     []Heard        `cbor:"43,keyasint,omitempty"` // what was said in calls, by their campaigns
	OnLine    int            `cbor:"25,keyasint,omitempty"` // calls from it to us that are going on
	Rehearses bool           `cbor:"50,keyasint,omitempty"` // Open is a rehearsal: no ask led to it
}

// Asked is the open attempt that an ask led to, zero when there is none.
func (n *Number) Asked() cadence.ID {
	if n.Rehearses {
		return cadence.ID{}
	}
	return n.Open
}

// LastAttempt is the attempt that the last ask led to, open or over.
func (n *Number) LastAttempt() cadence.ID {
	if !n.Asked().IsZero() {
		return n.Open
	}
	return n.Last
}

// Attempt is the final row of an attempt. It names the number by its token
// only and holds all that reports and permit replay need.
type Attempt struct {
	Token      event.Token             `cbor:"1,keyasint"`
	Enrollment cadence.ID              `cbor:"2,keyasint"`
	Touch      cadence.ID              `cbor:"3,keyasint"`
	Try        int                     `cbor:"4,keyasint,omitempty"`
	Lead       cadence.ID              `cbor:"5,keyasint"`
	Cadence    cadence.ID              `cbor:"6,keyasint"`
	Version    uint32                  `cbor:"7,keyasint"`
	Campaign   string                  `cbor:"8,keyasint"`
	Step       int                     `cbor:"9,keyasint"`
	StepKey    string                  `cbor:"10,keyasint"`
	Run        int                     `cbor:"11,keyasint"`
	List       cadence.ID              `cbor:"12,keyasint,omitzero"`
	From       cadence.Number          `cbor:"13,keyasint"`
	Connect    string                  `cbor:"14,keyasint"`
	Zone       string                  `cbor:"15,keyasint,omitempty"`
	Local      string                  `cbor:"16,keyasint,omitempty"`
	Policy     uint64                  `cbor:"17,keyasint"`
	Verdict    []byte                  `cbor:"18,keyasint"`
	At         int64                   `cbor:"19,keyasint"` // of the intent
	Due        int64                   `cbor:"20,keyasint"`
	PlacedAt   int64                   `cbor:"21,keyasint,omitempty"`
	AnsweredAt int64                   `cbor:"22,keyasint,omitempty"`
	EndedAt    int64                   `cbor:"23,keyasint"`
	CallID     string                  `cbor:"24,keyasint,omitempty"`
	State      event.State             `cbor:"25,keyasint"`
	Code       cadence.DispositionCode `cbor:"26,keyasint"`
	By         string                  `cbor:"27,keyasint,omitempty"`
	Result     telephony.Result        `cbor:"28,keyasint,omitempty"`
	Reason     string                  `cbor:"29,keyasint,omitempty"`
	AnsweredBy telephony.AnsweredBy    `cbor:"30,keyasint,omitempty"`
	DurationMs int64                   `cbor:"31,keyasint,omitempty"`
	LegMs      int64                   `cbor:"32,keyasint,omitempty"`
	Digits     string                  `cbor:"33,keyasint,omitempty"`
	Script     string                  `cbor:"34,keyasint,omitempty"`
	Price      string                  `cbor:"35,keyasint,omitempty"`
	Accepted   bool                    `cbor:"36,keyasint,omitempty"`
	Completed  bool                    `cbor:"37,keyasint,omitempty"`
	Answered   bool                    `cbor:"38,keyasint,omitempty"`
	Contact    bool                    `cbor:"39,keyasint,omitempty"`
	Converted  bool                    `cbor:"40,keyasint,omitempty"`
	Abandoned  bool                    `cbor:"41,keyasint,omitempty"`
	Revisions  uint16                  `cbor:"42,keyasint,omitempty"`
	Posted     bool                    `cbor:"43,keyasint,omitempty"`
	Seen       uint64                  `cbor:"44,keyasint,omitempty"`
	Voicemail  bool                    `cbor:"45,keyasint,omitempty"`
	Note       string                  `cbor:"46,keyasint,omitempty"`
	AMD        telephony.AMD           `cbor:"47,keyasint,omitempty"`
	Drop       *event.Drop             `cbor:"48,keyasint,omitempty"` // of a voicemail
	Day        int64                   `cbor:"50,keyasint,omitempty"` // of its caller ID's figures
	Short      bool                    `cbor:"51,keyasint,omitempty"`
	Near       bool                    `cbor:"52,keyasint,omitempty"`
	Cost       int64                   `cbor:"53,keyasint,omitempty"`  // millionths of the account's currency
	Rehearsal  cadence.ID              `cbor:"60,keyasint,omitzero"`   // it counts in no figure
	Document   cadence.ID              `cbor:"61,keyasint,omitzero"`   // of a rehearsal: what it played
	Rules      []string                `cbor:"140,keyasint,omitempty"` // about abandoned calls, as of the intent …
	Sorted     bool                    `cbor:"141,keyasint,omitempty"` // … which are known
	HeardAt    int64                   `cbor:"142,keyasint,omitempty"`
	Wait       int64                   `cbor:"143,keyasint,omitempty"` // ms from there until somebody spoke to them, 0 for never
	Late       bool                    `cbor:"144,keyasint,omitempty"` // later than a rule allows, or a message instead
	Told       bool                    `cbor:"145,keyasint,omitempty"` // the message behind targets that nobody answered
	Within     int64                   `cbor:"146,keyasint,omitempty"` // ms, as of the intent
}

// Revision is one change to a closed attempt, numbered under it.
type Revision struct {
	event.AttemptRevised
	Was cadence.DispositionCode `cbor:"31,keyasint,omitempty"`
}
