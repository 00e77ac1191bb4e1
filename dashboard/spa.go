package dashboard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
)

// asset is one file of the page, plain and in the codings the build left
// beside it. The bytes are shared and never changed.
type asset struct {
	kind      string
	immutable bool
	forms     []form // best coding first, the plain one last
}

type form struct {
	coding string // "" is plain
	body   []byte
	etag   string
}

// pages serves the built page from memory. Files under assets/ carry a hash of
// their content in their name and may be cached for ever; everything else is
// asked for again by its ETag.
type pages struct{ assets map[string]*asset }

var codings = []struct{ suffix, name string }{{".br", "br"}, {".gz", "gzip"}, {"", ""}}

// csp allows what the page itself brings and nothing else. Its component
// library sets style elements at run time, hence the one exception.
const csp = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
	"object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// loadPages reads every file of the page.
func loadPages(dist fs.FS) (*pages, error) {
	p := &pages{assets: map[string]*asset{}}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".") || hasCoding(name) {
			return err
		}
		a := &asset{kind: kindOf(name), immutable: strings.HasPrefix(name, "assets/")}
		for _, c := range codings {
			body, err := fs.ReadFile(dist, name+c.suffix)
			if err != nil {
				if c.suffix != "" {
					continue // not worth compressing
				}
				return err
			}
			sum := sha256.Sum256(body)
			a.forms = append(a.forms, form{c.name, body, `"` + hex.EncodeToString(sum[:12]) + `"`})
		}
		p.assets[name] = a
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the page's files: %w", err)
	}
	return p, nil
}

func hasCoding(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

// kindOf does not ask the host, whose tables differ or are missing.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	}
	if k := mime.TypeByExtension(path.Ext(name)); k != "" {
		return k
	}
	return "application/octet-stream"
}

// serve answers a GET or HEAD that no route took. A path without an extension
// is a place within the page.
func (p *pages) serve(c *app.RequestContext) bool {
	name := strings.TrimPrefix(path.Clean("/"+string(c.Path())), "/")
	a, ok := p.assets[name]
	if !ok && path.Ext(name) == "" {
		a, ok = p.assets["index.html"]
	}
	if !ok {
		return false
	}
	f := a.pick(string(c.Request.Header.Peek("Accept-Encoding")))
	h := &c.Response.Header
	h.Set("Cache-Control", "no-cache")
	if a.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	h.Set("ETag", f.etag)
	h.Set("Vary", "Accept-Encoding")
	if strings.HasPrefix(a.kind, "text/html") {
		h.Set("Content-Security-Policy", csp)
	}
	if bytes.Contains(c.Request.Header.Peek("If-None-Match"), []byte(f.etag)) {
		c.SetStatusCode(http.StatusNotModified)
		return true
	}
	if f.coding != "" {
		h.Set("Content-Encoding", f.coding)
	}
	c.SetStatusCode(http.StatusOK) // a request no route took starts out as 404
	h.SetContentType(a.kind)
	c.Response.SetBodyRaw(f.body)
	return true
}

// pick is the best form that the client accepts.
func (a *asset) pick(accept string) form {
	for _, f := range a.forms {
		if f.coding == "" || accepts(accept, f.coding) {
			return f
		}
	}
	return a.forms[len(a.forms)-1]
}

func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		return !given || strings.Trim(q, "0.") != ""
	}
	return false
}
