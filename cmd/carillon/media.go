package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

func (c *cli) media() *cobra.Command {
	return group(&cobra.Command{
		Use:     "media",
		Short:   "Store recordings for messages and voicemails",
		Example: "  carillon media add voicemail.wav\n  carillon media list",
	}, c.mediaAdd(), c.mediaList(), c.mediaDelete())
}

func (c *cli) mediaAdd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "add FILE…",
		Short: "Store WAV or MP3 files and print the names that documents use",
		Long: `Store recordings in a running server: WAV (mono, 8 or 16 kHz, 16-bit PCM or
µ-law) or MP3, at most 8 MiB, half a second to three minutes, neither too quiet
nor distorted. A document plays one by the name that is printed, as "audio".
Storing the same file again changes nothing, and mends a damaged one.`,
		Example: "  carillon media add voicemail.wav\n  ffmpeg -i take.m4a -ac 1 -ar 8000 -c:a pcm_s16le take.wav && carillon media add take.wav",
		Args:    cobra.MinimumNArgs(1),
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, files []string) error {
		added := make([]apiclient.Media, 0, len(files))
		for _, file := range files {
			m, err := addMedia(cmd.Context(), api, file)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if added = append(added, m); !*asJSON {
				c.print("%s  %s", m.ID, said(&m))
			}
		}
		if *asJSON {
			return c.printJSON(added)
		}
		return nil
	})
	return cmd
}

func addMedia(ctx context.Context, api *apiclient.Client, file string) (m apiclient.Media, err error) {
	in, err := os.Open(file)
	if err != nil {
		return m, err
	}
	defer in.Close()
	kind := "audio/wav"
	if strings.EqualFold(filepath.Ext(file), ".mp3") {
		kind = "audio/mpeg"
	}
	return m, api.Upload(ctx, "/v1/media", url.Values{"name": {filepath.Base(file)}}, kind, in, &m)
}

func (c *cli) mediaList() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the stored recordings",
		Example: "  carillon media list\n  carillon media list --json",
		Args:    cobra.NoArgs,
	}
	asJSON := jsonFlag(cmd)
	online(cmd, func(api *apiclient.Client, _ []string) error {
		var all struct {
			Items []apiclient.Media `json:"items"`
		}
		if err := api.Get(cmd.Context(), "/v1/media", nil, &all); err != nil {
			return err
		}
		if *asJSON {
			return c.printJSON(all.Items)
		}
		for i := range all.Items {
			c.print("%s  %s", all.Items[i].ID, said(&all.Items[i]))
		}
		if len(all.Items) == 0 {
			c.print("nothing is stored; see carillon media add --help")
		}
		return nil
	})
	return cmd
}

func (c *cli) mediaDelete() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "delete NAME",
		Short:   "Delete a recording that no cadence plays",
		Long:    "Delete a recording. It is refused while a cadence that is not archived names it.\nNAME is what `carillon media list` prints, or the hash alone.",
		Example: "  carillon media delete media:sha256-4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
		Args:    cobra.ExactArgs(1),
	}
	online(cmd, func(api *apiclient.Client, args []string) error {
		if err := api.Delete(cmd.Context(), "/v1/media/"+url.PathEscape(args[0]), nil); err != nil {
			return err
		}
		c.print("deleted %s", args[0])
		return nil
	})
	return cmd
}

// said is what a list tells of a recording.
func said(m *apiclient.Media) string {
	length := time.Duration(m.Seconds * float64(time.Second)).Round(100 * time.Millisecond)
	out := fmt.Sprintf("%s  %s  %s %d Hz  %.1f dB", m.Name, length, m.Encoding, m.SampleRate, m.RMS)
	if m.Damaged != "" {
		out += "  DAMAGED: " + m.Damaged + "; add the file again"
	}
	return out
}
