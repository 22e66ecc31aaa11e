package config

import (
	"fmt"
	"slices"
	"strings"
)

// Machine is what the configuration needs to know of it.
type Machine struct {
	Hostname string
	CPUs     int
}

// UsageError is every mistake of the caller at once: exit code 64.
type UsageError struct{ Problems []string }

func (e UsageError) Error() string { return strings.Join(e.Problems, "\n") }

// BadHostname is for a node that is named by the host, whose name can't be a node's.
func BadHostname(hostname string) UsageError {
	return UsageError{[]string{fmt.Sprintf("the host's name %q can't be a node's; set KUBESOLO_NODE_NAME to %s",
		hostname, settingOfKey("kubernetes.nodeName").rightValue())}}
}

// Resolved is a checked configuration.
type Resolved struct {
	Config   Config
	Warnings []string

	written Config             // before the machine filled in what wasn't given
	winners map[*setting]given // the values that count
}

// Resolve puts the layers together. Precedence: defaults < file < environment < flags. An empty value
// stands for the default, whatever a lower layer says. The environment is as of os.Environ. The error
// is a UsageError.
func Resolve(arguments Arguments, file File, environment []string, machine Machine) (Resolved, error) {
	fromFile, problems := file.parse()
	fromEnvironment, warnings := readEnvironment(environment)
	if file.Warning != "" {
		warnings = append(warnings, file.Warning)
	}
	result := Resolved{Warnings: warnings, winners: map[*setting]given{}}
	problems = slices.Concat(arguments.problems, problems)
	for _, value := range slices.Concat(fromFile, fromEnvironment, arguments.flags) {
		if problem := value.check(); problem != "" {
			problems = append(problems, problem)
		}
		result.winners[value.setting] = value
	}
	result.fill()
	problems = append(problems, result.complete(machine)...)
	if len(problems) > 0 {
		return Resolved{}, UsageError{problems}
	}
	return result, nil
}

// readEnvironment also warns of names that are none of ours but look so. It is only a warning: the
// environment is also other programs'.
func readEnvironment(environment []string) (values []given, warnings []string) {
	var known []string
	for i := range settings {
		name := settings[i].variable()
		known = append(known, name)
		for _, line := range environment {
			if text, isIt := strings.CutPrefix(line, name+"="); isIt {
				values = append(values, given{&settings[i], text, name})
			}
		}
	}
	for _, line := range environment {
		name, text, _ := strings.Cut(line, "=")
		if text == "" || meansNothing(name, text) {
			continue
		}
		if strings.HasPrefix(name, "KUBESOLO_") && !slices.Contains(known, name) {
			warnings = append(warnings, fmt.Sprintf("the environment's %s is no setting%s", name, suggestion(name, known)))
		}
	}
	return values, warnings
}

// meansNothing: upstream's variable, with the value that it has when nobody sets it.
func meansNothing(name, text string) bool {
	found := slices.IndexFunc(absentSettings, func(s setting) bool { return s.flag != "" && s.variable() == name })
	return found >= 0 && absentSettings[found].field.set(&Config{}, text) == ""
}

// check also looks at values that a higher layer overrides: a mistake in a file should not wait there.
func (g given) check() (problem string) {
	if g.text == "" {
		return ""
	}
	wrong := g.setting.field.set(&Config{}, g.text)
	if wrong == "" {
		return ""
	}
	if g.setting.secret {
		wrong = mask
	}
	if g.setting.why != nil {
		return fmt.Sprintf("%s: bad value %q; %s", g.origin, wrong, g.setting.why(wrong))
	}
	return fmt.Sprintf("%s: bad value %q; right would be %s", g.origin, wrong, g.setting.rightValue())
}

// fill sets all fields. Bad values, reported already, leave theirs empty.
func (r *Resolved) fill() {
	for i := range settings {
		text := r.winners[&settings[i]].text
		if text == "" {
			text = settings[i].fallback
		}
		if text != "" {
			settings[i].field.set(&r.Config, text)
		}
	}
	r.written = r.Config
}
