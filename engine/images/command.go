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
const Help = `usage: kubesolo images list                          show the images on this node
       kubesolo images import [--name NAME] [--no-pin] FILE...
                                                     add the images of archives; - is the standard input
       kubesolo images tag IMAGE NAME...             give an image more names
       kubesolo images remove IMAGE...               remove a name, and with its last one the image
       kubesolo images pin [--off] IMAGE...          keep images when the disk gets full
       kubesolo images prune [--dry-run]             remove what no container uses and nobody pinned

An IMAGE is a name, busybox:1 for docker.io/library/busybox:1, or a digest, sha256:…, or its beginning.
An archive is an OCI or docker one, as docker save and skopeo copy write it, plain or compressed by gzip or zstd; --name
names the one image in it. What is imported is pinned: neither prune nor the node, when its disk gets full, removes it;
--no-pin leaves that to them. Archives in the folder images below the engine's path are imported at every start.
`

var subcommands = []string{"list", "import", "tag", "remove", "pin", "prune"}

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
	case "tag":
		return parseTag(rest)
	case "remove":
		return parseRemove(rest)
	case "pin":
		return parsePin(rest)
	case "prune":
		isDry, other, err := takeFlag("prune", rest, "--dry-run")
		if err != nil {
			return nil, err
		}
		if len(other) > 0 {
			return nil, UsageError{fmt.Sprintf("images prune: unknown argument %q", other[0])}
		}
		return pruneCommand(isDry), nil
	}
	return nil, UsageError{fmt.Sprintf("images: unknown command %q; there are %s", name, strings.Join(subcommands, ", "))}
}
