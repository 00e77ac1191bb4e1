package audio_test

import (
	"testing"
	"time"

	"github.com/carillon-dialer/carillon/telephony/audio"
)

// BenchmarkInspect is the longest recordings there may be.
func BenchmarkInspect(b *testing.B) {
	for name, raw := range map[string][]byte{
		"mp3": mp3File(6890, 200), "wav": wavFile(linear, pcm(sine(8000, 3*time.Minute, 0.25))),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				if _, _, err := audio.Inspect(raw); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
