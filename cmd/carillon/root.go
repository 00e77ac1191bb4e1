package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/carillon-dialer/carillon/cmd/internal/apiclient"
)

// version is set by the build.
var version = "dev"

// cli is what all verbs share.
type cli struct{ out, err io.Writer }

func newRoot(out, errOut io.Writer) *cobra.Command {
	c := &cli{out, errOut}
	root := &cobra.Command{
		Use:           "carillon",
		Short:         "An outbound dialer cadence engine",
		Long:          "Carillon decides for every lead when the next call is due and whether it may\nhappen, places it, and lets the outcome choose what happens next.",
		Example:       "  carillon demo\n  carillon serve --config carillon.yaml",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetOut(out)
	root.SetErr(errOut)
	root.AddCommand(
		c.demo(), c.serve(), c.carrier(), c.imports(), c.lists(), c.export(), c.lint(), c.media(), c.packs(), c.permit(), c.explain(), c.forecast(), c.blockers(), c.abandon(), c.dnc(), c.consent(), c.numbers(), c.erase(), c.dossier(), c.stop(), c.resume(), c.doctor(), c.backup(), c.restore(), c.bench(),
		c.users(), c.keys(), c.audit(), c.call(), c.staff(),
	)
	return root
}

// group is a verb that only gathers others.
func group(cmd *cobra.Command, verbs ...*cobra.Command) *cobra.Command {
	var names []string
	for _, v := range verbs {
		names = append(names, v.Name())
	}
	cmd.AddCommand(verbs...)
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return fmt.Errorf("say what to %s: %s (see carillon %s --help)", cmd.Name(), strings.Join(names, " or "), cmd.Name())
	}
	return cmd
}

// defaultServer is where a server listens unless told otherwise.
const defaultServer = "http://127.0.0.1:8080"

// online makes a verb one that talks to a running server: it adds the flags that
// name the server, and run gets its client.
func online(cmd *cobra.Command, run func(api *apiclient.Client, args []string) error) {
	client := serverFlags(cmd)
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		api, err := client()
		if err != nil {
			return err
		}
		return run(api, args)
	}
}

// serverFlags adds the flags that name a running server, and returns what makes
// a client of it once they are read.
func serverFlags(cmd *cobra.Command) func() (*apiclient.Client, error) {
	fl := cmd.Flags()
	server := fl.String("server", defaultServer, "URL of the running server")
	key := fl.String("key", "", "API key; better in "+keyVariable+", which no list of processes shows")
	file := fl.String("key-file", "", "operator's key of a server on this computer (default data/operator.key)")
	return func() (*apiclient.Client, error) {
		secret, err := keyFor(*server, *key, *file)
		if err != nil {
			return nil, err
		}
		api, err := apiclient.New(*server)
		if err != nil {
			return nil, err
		}
		return api.With(secret), nil
	}
}

func jsonFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("json", false, "print JSON")
}

func (c *cli) print(format string, args ...any) { fmt.Fprintf(c.out, format+"\n", args...) }

// show prints an answer of the server: as it came when JSON is wanted, else as x,
// which holds the part of it that is told to people, puts it.
func (c *cli) show(raw []byte, asJSON bool, x interface{ text() string }) error {
	if asJSON {
		return c.printJSON(json.RawMessage(raw))
	}
	if err := json.Unmarshal(raw, x); err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	c.print("%s", x.text())
	return nil
}

func (c *cli) printJSON(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// logger writes to standard error, so that what a verb answers stays apart.
func (c *cli) logger(level, format string) (*zap.Logger, error) {
	at, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, fmt.Errorf("log level %q is none of debug, info, warn, error", level)
	}
	e := zap.NewProductionEncoderConfig()
	e.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	enc := zapcore.NewJSONEncoder(e)
	if format == "text" {
		e.EncodeLevel = zapcore.CapitalLevelEncoder
		enc = zapcore.NewConsoleEncoder(e)
	}
	return zap.New(zapcore.NewCore(enc, zapcore.Lock(zapcore.AddSync(c.err)), at)), nil
}
