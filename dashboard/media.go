package dashboard

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"

	"github.com/cloudwego/hertz/pkg/app"
	"go.uber.org/zap"

	"github.com/carillon-dialer/carillon/dialer"
	"github.com/carillon-dialer/carillon/dialer/ledger"
	"github.com/carillon-dialer/carillon/dialer/state"
	"github.com/carillon-dialer/carillon/telephony/twilio"
)

// mediaCache lets the carrier keep a file for good: its name is its content.
const mediaCache = "public, max-age=31536000, immutable"

// media serves a stored audio file to the carrier, to whoever knows its signed
// path. It reports false for other paths.
func (h *hooks) media(ctx context.Context, c *app.RequestContext, path string) bool {
	name, err := h.paths.VerifyMedia(path)
	if errors.Is(err, twilio.ErrPath) {
		return false
	}
	if err != nil {
		h.refused(ctx, c, err)
		return true
	}
	hash, _ := hex.DecodeString(name) // VerifyMedia has read it as 64 hexadecimal digits
	status := h.sendMedia(ctx, c, state.MediaHash(hash), name)
	c.SetStatusCode(status)
	if status >= http.StatusBadRequest {
		h.count("media_" + strconv.Itoa(status))
		h.log.Error("a stored audio file that a call needs cannot be served", zap.String("media", name), zap.Int("status", status))
		return true
	}
	h.count("media")
	return true
}

func (h *hooks) sendMedia(ctx context.Context, c *app.RequestContext, hash state.MediaHash, name string) (status int) {
	rows := h.op.Rows()
	row, err := rows.Media(hash)
	switch {
	case err != nil:
		return http.StatusInternalServerError
	case row == nil || !row.Ready:
		return http.StatusNotFound
	case row.Damaged != "":
		return http.StatusInternalServerError
	}
	tag := `"` + name + `"`
	if string(c.Request.Header.Peek("If-None-Match")) == tag {
		return http.StatusNotModified
	}
	data, err := rows.MediaData(row)
	if err != nil {
		h.damaged(ctx, hash, err)
		return http.StatusInternalServerError
	}
	c.Response.Header.Set("Cache-Control", mediaCache)
	c.Response.Header.Set("ETag", tag)
	c.Response.Header.Set("X-Content-Type-Options", "nosniff")
	c.Response.Header.SetContentType(row.Type)
	c.Response.SetBodyRaw(data)
	return http.StatusOK
}

// damaged notes a file that is not what was stored, so that nobody else is
// called to hear nothing.
func (h *hooks) damaged(ctx context.Context, hash state.MediaHash, why error) {
	if !errors.Is(why, ledger.ErrDamaged) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditFor)
	defer cancel()
	if _, err := h.op.Do(ctx, &dialer.DamageMedia{Hash: hash, Reason: why.Error()}); err != nil {
		h.log.Error("a damaged audio file could not be noted", zap.Error(err))
	}
}
