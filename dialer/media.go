package dialer

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/state"
)

// OpenMedia announces a file of stored audio. Its reply is true when the file
// is there already and nothing is to be sent.
type OpenMedia struct {
	Hash   state.MediaHash
	Chunks int
}

// PutMedia hands in one part of an announced file, of state.MediaChunk bytes
// but for the last. A part that comes twice changes nothing.
type PutMedia struct {
	Hash state.MediaHash
	N    int
	Data []byte
}

// FinishMedia makes a file ready whose parts are all there.
type FinishMedia struct{ Fact event.MediaReady }

// DamageMedia says that a file is not what was stored: whatever needs it waits.
type DamageMedia struct {
	Hash   state.MediaHash
	Reason string
}

// DeleteMedia removes a file that nothing refers to.
type DeleteMedia struct{ Hash state.MediaHash }

func (*OpenMedia) message()   {}
func (*PutMedia) message()    {}
func (*FinishMedia) message() {}
func (*DamageMedia) message() {}
func (*DeleteMedia) message() {}

// RuleMedia is why a touch waits whose step plays stored audio that is not
// there, or damaged: nobody is called to hear nothing.
const RuleMedia = "house.media"

// mediaWait is how long such a touch waits before it looks again, in ms.
const mediaWait = 5 * 60_000

// mediaDesk decides about stored audio; ok is false for other messages.
func mediaDesk(now int64, v *state.View, m Message) (out Outcome, ok bool) {
	switch m := m.(type) {
	case *OpenMedia:
		return openMedia(now, v, m), true
	case *PutMedia:
		return putMedia(v, m), true
	case *FinishMedia:
		return finishMedia(now, v, m), true
	case *DamageMedia:
		if row := v.Media(m.Hash); row.Sound() {
			out.fact(&event.MediaDamaged{Hash: m.Hash[:], Reason: clip(m.Reason), At: now})
		}
		return out, true
	case *DeleteMedia:
		return deleteMedia(now, v, m), true
	}
	return out, false
}

func openMedia(now int64, v *state.View, m *OpenMedia) Outcome {
	row := v.Media(m.Hash)
	switch {
	case row.Sound():
		return Outcome{Reply: true}
	case m.Chunks < 1 || m.Chunks > state.MaxMediaChunks:
		return Outcome{Err: refusal(CodeInvalid, "", fmt.Sprintf("a file has 1 to %d parts", state.MaxMediaChunks))}
	case row != nil && !row.Ready && row.Chunks == m.Chunks:
		return Outcome{Reply: false} // what an earlier upload left is of use: it has the same hash
	}
	return Outcome{Facts: []event.Fact{&event.MediaOpened{Hash: m.Hash[:], Chunks: m.Chunks, At: now}}, Reply: false}
}

func putMedia(v *state.View, m *PutMedia) Outcome {
	row := v.Media(m.Hash)
	switch {
	case row == nil:
		return Outcome{Err: refusal(CodeConflict, "", "the file was deleted while it was being stored; store it again")}
	case row.Sound(), m.N >= 0 && m.N < row.Chunks && row.Have&(1<<m.N) != 0:
		return Outcome{}
	case m.N < 0 || m.N >= row.Chunks || len(m.Data) == 0 || len(m.Data) > state.MediaChunk:
		return Outcome{Err: refusal(CodeInvalid, "", "this is no part of the announced file")}
	}
	return Outcome{Facts: []event.Fact{&event.MediaChunked{Hash: m.Hash[:], N: m.N, Data: m.Data}}}
}

func finishMedia(now int64, v *state.View, m *FinishMedia) Outcome {
	row := v.Media(state.MediaHash(m.Fact.Hash))
	switch {
	case row == nil || !row.Sound() && !row.Whole():
		return Outcome{Err: refusal(CodeConflict, "", "parts of the file are missing; store it again")}
	case row.Sound():
		return Outcome{}
	}
	f := m.Fact
	f.At = now
	return Outcome{Facts: []event.Fact{&f}}
}

func deleteMedia(now int64, v *state.View, m *DeleteMedia) Outcome {
	if v.Media(m.Hash) == nil {
		return Outcome{Err: refusal(CodeNotFound, "hash", "there is no such audio")}
	}
	if user := mediaUser(v, m.Hash); user != "" {
		return Outcome{Err: refusal(CodeConflict, "hash", fmt.Sprintf("the cadence %q plays it; take it out of its draft and archive what was published with it", user))}
	}
	return Outcome{Facts: []event.Fact{&event.MediaDeleted{Hash: m.Hash[:], At: now}}}
}

// mediaUser is the name of a cadence that plays a file, "" when none does: in
// its draft or in any published version, since leads stay on the one they
// entered. Archived cadences call nobody and count for nothing.
func mediaUser(v *state.View, h state.MediaHash) (name string) {
	want := []byte(`"` + cadence.MediaPrefix + hex.EncodeToString(h[:]) + `"`)
	v.EachCadence(func(row *state.Cadence) {
		if name != "" || row.Status == event.Archived {
			return
		}
		uses := bytes.Contains(row.Draft, want)
		for n := row.Version; n > 0 && !uses; n-- {
			version := v.Version(row.ID, n)
			uses = version != nil && bytes.Contains(version.Document, want)
		}
		if uses {
			name = row.Name
		}
	})
	return name
}

// stored is the row of audio that a document names; ok is false for audio that
// is not ours.
func stored(v *state.View, audio string) (row *state.Media, ok bool) {
	hash, ok := cadence.MediaHash(audio)
	if !ok {
		return nil, false
	}
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) != len(state.MediaHash{}) {
		return nil, true
	}
	return v.Media(state.MediaHash(raw)), true
}

// lacks is the first stored audio of a step that cannot be played, "" when all
// can.
func (p *Plan) lacks(v *state.View, step int) string {
	for _, audio := range p.Steps[step].audio {
		if row, ours := stored(v, audio); ours && !row.Sound() {
			return audio
		}
	}
	return ""
}
