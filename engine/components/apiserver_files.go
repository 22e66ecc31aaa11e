package components

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	auditpolicy "k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/server/options/encryptionconfig"
	podsecurityload "k8s.io/pod-security-admission/admission/api/load"
	podsecurityvalidation "k8s.io/pod-security-admission/admission/api/validation"

	"kubesolo-os/engine/config"
	"kubesolo-os/engine/given"
	"kubesolo-os/engine/logs"
)

const podSecurity = "PodSecurity"

// apiserverFiles are the arguments for people's own configurations of the API server.
func apiserverFiles(c config.Config) (arguments []string) {
	if c.AdmissionConfig != "" {
		arguments = append(arguments, "--admission-control-config-file="+c.AdmissionConfig)
	}
	if c.AuditPolicy != "" {
		arguments = append(arguments, "--audit-policy-file="+c.AuditPolicy, "--audit-log-path="+config.AuditLog,
			"--audit-log-maxsize=10", "--audit-log-maxbackup=3") // MB, files: small disks
	}
	if c.EncryptionConfig != "" {
		arguments = append(arguments, "--encryption-provider-config="+c.EncryptionConfig)
	}
	return arguments
}

// CheckAPIServerFiles reads them as the API server will: without one of them it would let in, write down or store what it is told
// not to, so none is left out. The error is a config.UsageError.
func CheckAPIServerFiles(c config.Config) error {
	var problems []string
	for _, each := range []struct {
		key, file string
		check     func(string) error
	}{
		{"kubernetes.apiServer.admissionConfigFile", c.AdmissionConfig, checkAdmission},
		{"kubernetes.apiServer.auditPolicyFile", c.AuditPolicy, checkAudit},
		{"kubernetes.apiServer.encryptionConfigFile", c.EncryptionConfig, checkEncryption},
	} {
		if each.file == "" {
			continue
		}
		_, err := given.Read(each.file)
		if err == nil {
			err = each.check(each.file)
		}
		if err != nil {
			why := logs.OneLine(err.Error())
			problems = append(problems, fmt.Sprintf("%s: cannot use %s: %s", each.key, each.file, why))
		}
	}
	if len(problems) > 0 {
		return config.UsageError{Problems: problems}
	}
	return nil
}

func checkAudit(file string) error {
	_, err := auditpolicy.LoadPolicyFromFile(file)
	return err
}

// checkEncryption may be asked for keys by a program (KMS); it is not waited for.
func checkEncryption(file string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := encryptionconfig.LoadEncryptionConfig(ctx, file, false, "check")
	return err
}

// checkAdmission looks into the plugin's own configuration, too, where Pod Security's defaults are.
func checkAdmission(file string) error {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	plugins, err := admission.ReadAdmissionConfiguration([]string{podSecurity}, file, scheme)
	if err != nil {
		return err
	}
	own, err := plugins.ConfigFor(podSecurity)
	if err != nil {
		return err
	}
	defaults, err := podsecurityload.LoadFromReader(own)
	if err != nil {
		return err
	}
	return podsecurityvalidation.ValidatePodSecurityConfiguration(defaults).ToAggregate()
}
