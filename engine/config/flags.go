package config

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// UsageError is a mistake of the caller: exit code 64, no stack, no log.
type UsageError struct{ message string }

func (e UsageError) Error() string { return e.message }

// Request is what the command line asks for.
type Request struct {
	Config      Config
	ShowVersion bool
	ShowHelp    bool
}

// raw holds the flags' values before they have been checked.
type raw struct {
	path, nodeIP   string
	extraSANs      []string
	startupTimeout time.Duration
	debug          bool
	version, help  bool
}

// Parse turns arguments and environment into a checked Config. Precedence: defaults < environment < flags.
func Parse(args []string, environment func(string) string, hostname string) (Request, error) {
	var values raw
	flags := flagSet(&values)
	if err := flags.Parse(positiveBooleans(args, flags)); err != nil {
		return Request{}, flagError(err, flags)
	}
	if rest := flags.Args(); len(rest) > 0 {
		return Request{}, UsageError{fmt.Sprintf("unknown command %q%s", rest[0], suggestion(rest[0], Commands))}
	}
	if values.version || values.help {
		return Request{ShowVersion: values.version, ShowHelp: values.help}, nil
	}
	if err := applyEnvironment(flags, environment); err != nil {
		return Request{}, err
	}
	config, err := check(values, environment, hostname)
	return Request{Config: config}, err
}

// Commands are the words that may come first instead of flags.
var Commands = []string{"kubectl", "images"}

// Usage is the text of --help.
func Usage() string {
	return "usage: kubesolo [flags]                    run the node\n" +
		"       kubesolo kubectl ...                kubectl, of the same version\n" +
		"       kubesolo images import FILE|-       add an OCI or docker archive\n" +
		"       kubesolo images list                show the images on this node\n\n" +
		"flags (each also as an environment variable, --node-ip as KUBESOLO_NODE_IP):\n" +
		flagSet(&raw{}).FlagUsages() +
		"\nenvironment only:\n" +
		"      KUBESOLO_NODE_NAME   the node's name (default: the host's name in lower case)\n" +
		"      KUBESOLO_LIB         helper programs and images (default " + DefaultLibrary + ")\n"
}

func flagSet(values *raw) *pflag.FlagSet {
	flags := pflag.NewFlagSet("kubesolo", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.Usage = func() {}
	flags.StringVar(&values.path, "path", DefaultPath, "directory for all state")
	flags.StringVar(&values.nodeIP, "node-ip", "", "IPv4 address of the node (default: of the interface with the default route)")
	flags.StringSliceVar(&values.extraSANs, "apiserver-extra-sans", nil, "more DNS names or IP addresses for the API server's certificate")
	flags.DurationVar(&values.startupTimeout, "startup-timeout", 5*time.Minute, "give up when the node is not ready by then")
	flags.BoolVar(&values.debug, "debug", false, "log what the components do, not only what goes wrong")
	flags.BoolVar(&values.version, "version", false, "print versions and exit")
	flags.BoolVarP(&values.help, "help", "h", false, "print this and exit")
	return flags
}

// positiveBooleans rewrites --no-x to --x=false, for the booleans that exist.
func positiveBooleans(args []string, flags *pflag.FlagSet) []string {
	result := make([]string, 0, len(args))
	for _, arg := range args {
		name, negated := strings.CutPrefix(arg, "--no-")
		if flag := flags.Lookup(name); negated && flag != nil && flag.Value.Type() == "bool" {
			arg = "--" + name + "=false"
		}
		result = append(result, arg)
	}
	return result
}

// EnvironmentName is the variable that stands for a flag: node-ip → KUBESOLO_NODE_IP.
func EnvironmentName(flag string) string {
	return "KUBESOLO_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func applyEnvironment(flags *pflag.FlagSet, environment func(string) string) error {
	var failure error
	flags.VisitAll(func(flag *pflag.Flag) {
		name := EnvironmentName(flag.Name)
		value := environment(name)
		if flag.Changed || value == "" || failure != nil || flag.Name == "version" || flag.Name == "help" {
			return
		}
		if flag.Value.Set(value) != nil {
			failure = badValue(name, value, example(flag))
		}
	})
	return failure
}

func flagError(err error, flags *pflag.FlagSet) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		name := unknown.GetSpecifiedName()
		var known []string
		flags.VisitAll(func(flag *pflag.Flag) { known = append(known, "--"+flag.Name) })
		return UsageError{fmt.Sprintf("unknown flag %q%s", "--"+name, suggestion("--"+name, known))}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		flag := invalid.GetFlag()
		return badValue("--"+flag.Name, invalid.GetValue(), example(flag))
	}
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		flag := missing.GetFlag()
		return UsageError{fmt.Sprintf("--%s needs a value, such as %s", flag.Name, example(flag))}
	}
	return UsageError{err.Error()}
}

func badValue(name, value, example string) error {
	return UsageError{fmt.Sprintf("%s: bad value %q; right would be %s", name, value, example)}
}

// example is a right value for a flag, for people who gave a wrong one.
func example(flag *pflag.Flag) string {
	switch flag.Name {
	case "node-ip":
		return netip.AddrFrom4([4]byte{192, 168, 1, 10}).String()
	case "apiserver-extra-sans":
		return "node.example.com,192.168.1.10"
	case "debug":
		return "true or false"
	}
	return flag.DefValue
}
