package dashboard_test

import (
	"strings"
	"testing"
)

func TestPageIsServedFromMemory(t *testing.T) {
	r := newRig(t)
	index := r.send("GET", "/", "", "Accept-Encoding", "br")
	if index.status != 200 || !strings.Contains(string(index.body), "Carillon") || index.header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("index: %d %s", index.status, index.body)
	}
	if csp := index.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "script-src") {
		t.Errorf("CSP %q", csp)
	}
	cases := []struct {
		path, accept, coding, body string
		status                     int
	}{
		{"/cadences/cd_x", "", "", "<!doctype", 200},
		{"/assets/app-1.js", "gzip, br", "br", "as brotli", 200},
		{"/assets/app-1.js", "gzip", "gzip", "as gzip", 200},
		{"/assets/app-1.js", "br;q=0, gzip;q=0.0", "", "xxx", 200},
		{"/assets/app-1.js", "identity", "", "xxx", 200},
		{"/assets/missing.js", "identity", "", `{"error"`, 404},
		{"/assets/app-1.js.br", "identity", "", `{"error"`, 404},
		{"/.gitkeep", "identity", "", `{"error"`, 404},
		{"/../server.go", "identity", "", `{"error"`, 404},
	}
	for _, c := range cases {
		p := r.send("GET", c.path, "", "Accept-Encoding", c.accept)
		if p.status != c.status || p.header.Get("Content-Encoding") != c.coding || !strings.HasPrefix(string(p.body), c.body) {
			t.Errorf("%s (%s): %d %q %.40s", c.path, c.accept, p.status, p.header.Get("Content-Encoding"), p.body)
		}
		if c.status == 200 && strings.HasPrefix(c.path, "/assets/") {
			if !strings.Contains(p.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(p.header.Get("Content-Type"), "text/javascript") {
				t.Errorf("%s: %v", c.path, p.header)
			}
			if again := r.send("GET", c.path, "", "Accept-Encoding", c.accept, "If-None-Match", p.header.Get("ETag")); again.status != 304 || len(again.body) != 0 {
				t.Errorf("%s again: %d", c.path, again.status)
			}
		}
	}
	if p := r.send("HEAD", "/", ""); p.status != 200 || len(p.body) != 0 {
		t.Errorf("HEAD: %d", p.status)
	}
}
