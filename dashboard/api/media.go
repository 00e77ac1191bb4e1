package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"net/http"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/cadence"
	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/event"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/audio"
)

// maxMediaName bounds what a stored file was called by whoever stored it.
const maxMediaName = 200

// mediaItem is a stored audio file. ID is how a document names it.
type mediaItem struct {
	ID          string  `json:"id"`
	Hash        string  `json:"hash"`
	Name        string  `json:"name"`
	ContentType string  `json:"content_type"`
	Encoding    string  `json:"encoding"`
	SampleRate  int     `json:"sample_rate"`
	Channels    int     `json:"channels"`
	Bytes       int64   `json:"bytes"`
	Seconds     float64 `json:"seconds"`
	RMS         float64 `json:"rms_db"`
	Peak        float64 `json:"peak_db"`
	StoredAt    string  `json:"stored_at"`
	Damaged     string  `json:"damaged"`
}

func mediaOf(m *state.Media) mediaItem {
	hash := hex.EncodeToString(m.Hash)
	return mediaItem{
		ID: cadence.MediaPrefix + hash, Hash: hash, Name: m.Name, ContentType: m.Type, Encoding: m.Encoding, SampleRate: m.Rate,
		Channels: m.Channels, Bytes: m.Bytes, Seconds: float64(m.DurationMs) / 1000, RMS: float64(m.RMS) / 100, Peak: float64(m.Peak) / 100,
		StoredAt: at(m.At), Damaged: m.Damaged,
	}
}

func (a *API) listMedia(*request) (answer, error) {
	out := page[mediaItem]{Items: []mediaItem{}}
	err := a.op.Rows().Medias(func(m *state.Media) bool {
		if m.Ready {
			out.Items = append(out.Items, mediaOf(m))
		}
		return true
	})
	if err != nil {
		return answer{}, err
	}
	return ok(out)
}

// mediaRow reads the file that the path names, by its hash or as a document
// does.
func (a *API) mediaRow(r *request) (*state.Media, state.MediaHash, error) {
	text := r.param("hash")
	if hash, named := cadence.MediaHash(text); named {
		text = hash
	}
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != sha256.Size {
		return nil, state.MediaHash{}, invalid("hash", "hash is not 64 hexadecimal digits")
	}
	row, err := a.op.Rows().Media(state.MediaHash(raw))
	if err == nil && (row == nil || !row.Ready) {
		err = NewFault(dialer.CodeNotFound, "hash", "there is no such audio")
	}
	return row, state.MediaHash(raw), err
}

func (a *API) getMedia(r *request) (answer, error) {
	row, _, err := a.mediaRow(r)
	if err != nil {
		return answer{}, err
	}
	return ok(mediaOf(row))
}

// getAudio gives the file itself, to listen to.
func (a *API) getAudio(r *request) (answer, error) {
	row, _, err := a.mediaRow(r)
	if err != nil {
		return answer{}, err
	}
	data, err := a.op.Rows().MediaData(row)
	if errors.Is(err, ledger.ErrDamaged) {
		return answer{}, NewFault(dialer.CodeUnavailable, "hash", "the stored audio is damaged ("+err.Error()+"); store the file again")
	}
	return answer{status: http.StatusOK, body: data, contentType: row.Type}, err
}

func (a *API) deleteMedia(ctx context.Context, r *request) (answer, error) {
	if err := noBody(r); err != nil {
		return answer{}, err
	}
	_, hash, err := a.mediaRow(r)
	if err != nil {
		return answer{}, err
	}
	if err := a.command(ctx, &dialer.DeleteMedia{Hash: hash}); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}

// storeMedia takes a recording as the body of the request. It reads the body
// itself: it is no JSON and larger than others.
func (a *API) storeMedia(ctx context.Context, c *app.RequestContext) {
	r := &request{c: c}
	err := r.checkQuery()
	if err == nil && len(r.query("name")) > maxMediaName {
		err = invalid("name", "name is longer than 200 bytes")
	}
	if err == nil {
		r.body, err = io.ReadAll(io.LimitReader(bodyOf(c), audio.MaxBytes+1))
		err = cutShort(err)
	}
	if err == nil && len(r.body) > audio.MaxBytes {
		err = NewFault(codeTooLarge, "", "the file is larger than 8 MiB")
	}
	if err != nil {
		c.Response.SetConnectionClose()
		a.fail(c, err)
		return
	}
	ctx = context.WithoutCancel(ctx)
	a.once(ctx, c, requestHash(c, r.body), func() (answer, error) { return a.keepMedia(ctx, r) })
}

// keepMedia checks a recording and stores it in parts. One that is there
// already is answered as it is.
func (a *API) keepMedia(ctx context.Context, r *request) (answer, error) {
	info, level, err := a.inspect(r.body)
	if err != nil {
		return answer{}, err
	}
	hash := state.MediaHash(sha256.Sum256(r.body))
	parts := (len(r.body) + state.MediaChunk - 1) / state.MediaChunk
	ctx, cancel := context.WithTimeout(ctx, bulkFor)
	defer cancel()
	there, err := a.op.Do(ctx, &dialer.OpenMedia{Hash: hash, Chunks: parts})
	if err != nil {
		return answer{}, err
	}
	status := http.StatusOK
	if there != true {
		status = http.StatusCreated
		if err := a.sendParts(ctx, hash, r.body); err != nil {
			return answer{}, err
		}
		err := a.command(ctx, &dialer.FinishMedia{Fact: event.MediaReady{
			Hash: hash[:], Name: r.query("name"), Type: info.ContentType(), Encoding: string(info.Encoding), Rate: info.Rate,
			Channels: info.Channels, Bytes: int64(len(r.body)), DurationMs: info.Duration.Milliseconds(),
			RMS: hundredths(level.RMS), Peak: hundredths(level.Peak),
		}})
		if err != nil {
			return answer{}, err
		}
		a.log.Info("audio stored", zap.String("hash", hex.EncodeToString(hash[:])), zap.Int("bytes", len(r.body)))
	}
	row, err := a.op.Rows().Media(hash)
	if err == nil && row == nil {
		err = NewFault(dialer.CodeConflict, "", "the file was deleted while it was being stored")
	}
	if err != nil {
		return answer{}, err
	}
	return answer{status: status, body: mediaOf(row)}, nil
}

// sendParts hands a file in one part after the other: live calls' questions
// find their turns between them.
func (a *API) sendParts(ctx context.Context, hash state.MediaHash, data []byte) error {
	for n := 0; len(data) > 0; n++ {
		size := min(state.MediaChunk, len(data))
		if err := a.command(ctx, &dialer.PutMedia{Hash: hash, N: n, Data: data[:size]}); err != nil {
			return err
		}
		data = data[size:]
	}
	return nil
}

// inspect checks one recording at a time: decoding three minutes of MP3 takes a
// processor for a second or two.
func (a *API) inspect(raw []byte) (audio.Info, audio.Level, error) {
	a.listening.Lock()
	defer a.listening.Unlock()
	info, level, err := audio.Inspect(raw)
	if refused, ok := errors.AsType[*audio.Error](err); ok {
		f := invalid("", refused.Message+"; "+refused.Remedy)
		f.Details = []problem{{Severity: cadence.SeverityError, Code: "audio", Message: refused.Message, Remedy: refused.Remedy}}
		return info, level, f
	}
	return info, level, err
}

func hundredths(db float64) int64 { return int64(math.Round(100 * db)) }
