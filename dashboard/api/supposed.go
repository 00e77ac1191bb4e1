package api

import (
	"slices"
	"strings"
	"time"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/cadence/window"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/permit/pack"
)

// voicesAsked are the voices a call may have, the gentlest first.
var voicesAsked = []string{string(cadence.VoiceLive), string(cadence.VoiceArtificial), string(cadence.VoiceRecorded)}

// supposed reads the call that is asked about.
func (a *API) supposed(in *supposeRequest) (*dialer.Supposed, error) {
	n, err := number("number", in.Number)
	if err != nil {
		return nil, err
	}
	q := &dialer.Supposed{Lead: cadence.Lead{Numbers: []cadence.LeadNumber{{Number: n}}, State: in.State, PostalCode: in.PostalCode, Zone: in.LeadZone}, Consents: in.Consents}
	if in.Cadence != "" {
		if in.Purpose != "" || in.Voice != "" {
			return nil, invalid("cadence", "name a cadence, or purpose and voice; a cadence says both itself")
		}
		row, err := a.cadenceRef(in.Cadence)
		if err != nil {
			return nil, err
		}
		q.Cadence = row.ID
	} else if err := kindOfCall(q, in); err != nil {
		return nil, err
	}
	if in.Local != "" {
		if q.Local, err = time.Parse(wallForm, in.Local); err != nil || q.Local.Year() < 2000 || q.Local.Year() > 2100 {
			return nil, invalid("local", "local must be a wall time such as 2026-11-27T16:50")
		}
	}
	if in.Zone != "" {
		if q.Zone, err = window.LoadZone(in.Zone); err != nil {
			return nil, invalid("zone", "zone must be an IANA zone such as America/New_York")
		}
	}
	if !leadZone(&q.Lead.Zone) {
		return nil, invalid("lead_zone", "lead_zone must be the IANA zone of a place, such as America/New_York")
	}
	return q, nil
}

func kindOfCall(q *dialer.Supposed, in *supposeRequest) error {
	if in.Purpose == "" {
		in.Purpose = pack.Purposes()[0]
	}
	if in.Voice == "" {
		in.Voice = voicesAsked[0]
	}
	if !slices.Contains(pack.Purposes(), in.Purpose) {
		return invalid("purpose", "purpose must be one of "+strings.Join(pack.Purposes(), ", "))
	}
	if !slices.Contains(voicesAsked, in.Voice) {
		return invalid("voice", "voice must be one of "+strings.Join(voicesAsked, ", "))
	}
	q.Purpose, q.Voice = cadence.Purpose(in.Purpose), cadence.Voice(in.Voice)
	return nil
}
