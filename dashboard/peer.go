package dashboard

import (
	"bytes"
	"net/netip"
	"slices"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
)

// Outside says how the main listener is reached from other computers. The zero
// value is not at all.
type Outside struct {
	// Host is the name, with its port if it has one, under which people open
	// the dashboard.
	Host string
	// TLS says that the listener speaks TLS itself.
	TLS bool
	// Proxies are whose word is taken about where a request comes from.
	Proxies []netip.Prefix
}

// peer is where a request comes from.
type peer struct {
	addr    netip.Addr
	secure  bool // all the way through TLS
	here    bool // from a program on this computer, past no proxy
	proxied bool // through a trusted one
}

// peerOf believes X-Forwarded-For and X-Forwarded-Proto of trusted proxies
// only, and of the former the last address that is not one of them: what stands
// before it, anybody can have written. So it is with lines: some proxies add
// theirs behind those that came.
func (s *Server) peerOf(c *app.RequestContext) peer {
	var p peer
	if at, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		p.addr = at.Addr().Unmap()
	}
	p.secure = s.o.Outside.TLS
	if !s.trusts(p.addr) {
		p.here = p.addr.IsLoopback()
		return p
	}
	p.proxied = true
	plain := func(leg string) bool { return !strings.EqualFold(strings.TrimSpace(leg), "https") }
	p.secure = p.secure || !slices.ContainsFunc(strings.Split(allLines(c, "X-Forwarded-Proto"), ","), plain)
	hops := strings.Split(allLines(c, "X-Forwarded-For"), ",")
	for _, said := range slices.Backward(hops) {
		hop, err := netip.ParseAddr(strings.TrimSpace(said))
		if err != nil {
			break
		}
		if p.addr = hop.Unmap(); !s.trusts(p.addr) {
			break
		}
	}
	return p
}

// allLines joins the lines of a header that came more than once.
func allLines(c *app.RequestContext, name string) string {
	return string(bytes.Join(c.Request.Header.PeekAll(name), []byte(",")))
}

func (s *Server) trusts(a netip.Addr) bool {
	for _, net := range s.o.Outside.Proxies {
		if net.Contains(a) {
			return true
		}
	}
	return false
}
