package images

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// UsageError: the command line can't be understood.
type UsageError struct{ message string }

func (e UsageError) Error() string { return e.message + "; see kubesolo images --help" }

// Help is the text of `kubesolo images --help`.
const Help = `usage: kubesolo images list                   show the images on this node
       kubesolo images import FILE...         add the images of archives; - is the standard input
       kubesolo images prune [--dry-run]      remove what no container uses

An archive is an OCI or docker one, as docker save and skopeo copy write it, plain or compressed by gzip or zstd.
Archives in the folder images below the engine's path are imported at every start, and pinned: neither prune nor
the node, when its disk gets full, removes them. It may remove what import has added, when no container uses it.
`

var subcommands = []string{"list", "import", "prune"}

// Command is `kubesolo images …`.
func Command(ctx context.Context, socket string, args []string, in io.Reader, out io.Writer) error {
	if slices.Contains(args, "--help") || slices.Contains(args, "-h") {
		_, err := io.WriteString(out, Help)
		return err
	}
	run, err := parseCommand(args)
	if err != nil {
		return err
	}
	return run(ctx, socket, in, out)
}

type command func(ctx context.Context, socket string, in io.Reader, out io.Writer) error

// parseCommand is pure.
func parseCommand(args []string) (command, error) {
	if len(args) == 0 {
		return nil, UsageError{"images: what to do? " + strings.Join(subcommands, ", ")}
	}
	name, rest := args[0], args[1:]
	switch name {
	case "list":
		if len(rest) > 0 {
			return nil, UsageError{fmt.Sprintf("images list: %q is too much", rest[0])}
		}
		return listCommand, nil
	case "import":
		return parseImport(rest)
	case "prune":
		other := slices.DeleteFunc(slices.Clone(rest), func(arg string) bool { return arg == "--dry-run" })
		if len(other) > 0 {
			return nil, UsageError{fmt.Sprintf("images prune: unknown argument %q", other[0])}
		}
		return pruneCommand(len(rest) > 0), nil
	}
	return nil, UsageError{fmt.Sprintf("images: unknown command %q; there are %s", name, strings.Join(subcommands, ", "))}
}

func parseImport(files []string) (command, error) {
	if len(files) == 0 {
		return nil, UsageError{"images import: which file? - is the standard input"}
	}
	for _, file := range files {
		if strings.HasPrefix(file, "-") && file != "-" {
			return nil, UsageError{fmt.Sprintf("images import: unknown flag %q", file)}
		}
	}
	return importCommand(files), nil
}
