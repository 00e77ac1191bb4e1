//go:build !unix

package twilio

import "net"

// pulse cannot be felt here: no connection is used twice, so that no request
// is written to one that is just being closed.
type pulse struct{}

func (*pulse) of(net.Conn) {}

func (*pulse) felt() bool { return false }
