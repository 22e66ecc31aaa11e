package config

import (
	"fmt"
	"slices"
	"strings"
)

// Arguments is a command line, split but not yet understood.
type Arguments struct {
	File        string // what --config says; "" means: the default file, if there is one
	PrintConfig bool
	ShowSecrets bool
	ShowVersion bool
	ShowHelp    bool

	flags    []given
	problems []string
}

// given is one value for one setting, and who gave it.
type given struct {
	setting *setting
	text    string
	origin  string // as people know it: --mtu, KUBESOLO_MTU, /etc/kubesolo/config.yaml:3: network.mtu
}

// commands are the words that may come first instead of flags.
var commands = []string{"kubectl", "images", "status"}

// ParseArguments reads what is behind the program's name: --name=value, --name value, --switch and
// --no-switch. Mistakes are kept for Resolve, which reports all at once.
func ParseArguments(args []string) Arguments {
	var result Arguments
	for len(args) > 0 {
		args = result.parseOne(args[0], args[1:])
	}
	return result
}

// parseOne reads one flag and returns the arguments that are left.
func (a *Arguments) parseOne(arg string, rest []string) []string {
	if len(arg) < 2 || arg[0] != '-' {
		a.problems = append(a.problems, fmt.Sprintf("unknown command %q%s", arg, suggestion(arg, commands)))
		return rest
	}
	name, value, hasValue := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
	if action := a.action(name); action != nil && !hasValue {
		*action = true
		return rest
	}
	if found := settingOfFlag(name); found != nil && found.field.shape == boolean && !hasValue {
		a.flags = append(a.flags, given{found, "true", "--" + name})
		return rest
	}
	if positive, negated := strings.CutPrefix(name, "no-"); negated && !hasValue {
		if found := settingOfFlag(positive); found != nil && found.field.shape == boolean {
			a.flags = append(a.flags, given{found, "false", "--" + name})
			return rest
		}
	}
	found := settingOfFlag(name)
	if found == nil && name != "config" {
		a.problems = append(a.problems, fmt.Sprintf("unknown flag %q%s", "--"+name, suggestion("--"+name, flagNames())))
		return rest
	}
	if !hasValue && (len(rest) == 0 || strings.HasPrefix(rest[0], "--")) {
		a.problems = append(a.problems, fmt.Sprintf("--%s needs a value: %s", name, rightValue(name, found)))
		return rest
	}
	if !hasValue {
		value, rest = rest[0], rest[1:]
	}
	if found == nil {
		a.File = value
		return rest
	}
	a.add(given{found, value, "--" + name})
	return rest
}

// add joins a list that is given in parts.
func (a *Arguments) add(value given) {
	if slices.Contains([]shape{list, pairs, lists}, value.setting.field.shape) {
		for i := range a.flags {
			if a.flags[i].setting == value.setting {
				a.flags[i].text += "," + value.text
				return
			}
		}
	}
	a.flags = append(a.flags, value)
}

// action is the switch for something other than running, or nil.
func (a *Arguments) action(name string) *bool {
	switch name {
	case "print-config":
		return &a.PrintConfig
	case "show-secrets":
		return &a.ShowSecrets
	case "version", "-v":
		return &a.ShowVersion
	case "help", "-h":
		return &a.ShowHelp
	}
	return nil
}

func settingOfFlag(name string) *setting {
	return settingWhere(func(s setting) bool { return name != "" && s.flag == name })
}

func flagNames() []string {
	names := []string{"--config", "--print-config", "--show-secrets", "--version", "--help"}
	for _, each := range settings {
		if each.flag == "" {
			continue
		}
		names = append(names, "--"+each.flag)
		if each.field.shape == boolean {
			names = append(names, "--no-"+each.flag)
		}
	}
	return names
}

func rightValue(flag string, found *setting) string {
	if flag == "config" {
		return "a file such as " + DefaultFile
	}
	return found.rightValue()
}

func (s setting) rightValue() string {
	if s.right == "" {
		return "true or false"
	}
	return s.right
}
