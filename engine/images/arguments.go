package images

import (
	"fmt"
	"slices"
	"strings"
)

func parseImport(args []string) (command, error) {
	isUnpinned, rest, err := takeFlag("import", args, "--no-pin", "--name", "-")
	if err != nil {
		return nil, err
	}
	options := importOptions{labels: map[string]string{pinnedLabel: pinned}}
	if isUnpinned {
		options.labels = nil
	}
	if at := slices.Index(rest, "--name"); at >= 0 {
		if at+1 == len(rest) {
			return nil, UsageError{"images import: --name needs a name"}
		}
		if options.name, err = fullName(rest[at+1]); err != nil {
			return nil, UsageError{"images import: " + err.Error()}
		}
		rest = slices.Delete(rest, at, at+2)
	}
	switch {
	case len(rest) == 0:
		return nil, UsageError{"images import: which file? - is the standard input"}
	case options.name != "" && len(rest) > 1:
		return nil, UsageError{"images import: --name is for one file"}
	}
	return importCommand(rest, options), nil
}

func parseTag(args []string) (command, error) {
	_, rest, err := takeFlag("tag", args, "")
	if err != nil {
		return nil, err
	}
	if len(rest) < 2 {
		return nil, UsageError{"images tag: which image, and which name?"}
	}
	for i, name := range rest[1:] {
		full, err := fullName(name)
		if err != nil {
			return nil, UsageError{"images tag: " + err.Error()}
		}
		if !isTag(full) {
			return nil, UsageError{fmt.Sprintf("images tag: %q is a digest, no name to give", name)}
		}
		rest[1+i] = full
	}
	return withStore(tag(rest[0], rest[1:])), nil
}

func parseRemove(args []string) (command, error) {
	_, rest, err := takeFlag("remove", args, "")
	if err == nil && len(rest) == 0 {
		err = UsageError{"images remove: which image?"}
	}
	return withStore(remove(rest)), err
}

func parsePin(args []string) (command, error) {
	isOff, rest, err := takeFlag("pin", args, "--off")
	if err == nil && len(rest) == 0 {
		err = UsageError{"images pin: which image?"}
	}
	return withStore(pin(rest, !isOff)), err
}

// takeFlag splits a flag from the other arguments; of those, only the ones named may look like a flag. Pure.
func takeFlag(subcommand string, args []string, flag string, others ...string) (isGiven bool, rest []string, err error) {
	for _, arg := range args {
		switch {
		case arg == flag:
			isGiven = true
		case strings.HasPrefix(arg, "-") && !slices.Contains(others, arg):
			return false, nil, UsageError{fmt.Sprintf("images %s: unknown flag %q", subcommand, arg)}
		default:
			rest = append(rest, arg)
		}
	}
	return isGiven, rest, nil
}
