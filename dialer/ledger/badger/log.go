package badger

import (
	"strings"

	"go.uber.org/zap"
)

// storeLog hands Badger's messages to zap. Badger is talkative: what it calls
// information is of use only to someone who debugs it.
type storeLog struct{ to *zap.SugaredLogger }

func (l storeLog) Errorf(format string, args ...any) { l.to.Errorf(trimLine(format), args...) }
func (l storeLog) Warningf(format string, args ...any) {
	l.to.Warnf(trimLine(format), args...)
}
func (l storeLog) Infof(format string, args ...any)  { l.to.Debugf(trimLine(format), args...) }
func (l storeLog) Debugf(format string, args ...any) { l.to.Debugf(trimLine(format), args...) }

func trimLine(format string) string { return strings.TrimRight(format, "\n") }
