package main

import (
	"fmt"
	"net"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// These rules are the API server's for NetworkPolicy (pkg/apis/networking/validation of k8s.io/kubernetes, which cannot
// be a dependency beside Istio's versions of k8s.io/*), stated after the API reference. Without them the evaluator takes
// a selector or a block that it cannot read for "allow".

var noOptions = metavalidation.LabelSelectorValidationOptions{}

// networkPolicyProblems is why the API server would not store a policy that has its defaults.
func networkPolicyProblems(policy *networkingv1.NetworkPolicy) field.ErrorList {
	problems := validateKind(&policy.TypeMeta, "networking.k8s.io/v1", "NetworkPolicy")
	for _, reason := range apivalidation.NameIsDNSSubdomain(policy.Name, false) {
		problems = append(problems, field.Invalid(field.NewPath("metadata", "name"), policy.Name, reason))
	}
	path := field.NewPath("spec")
	spec := &policy.Spec
	problems = append(problems, metavalidation.ValidateLabelSelector(&spec.PodSelector, noOptions, path.Child("podSelector"))...)
	for i, rule := range spec.Ingress {
		at := path.Child("ingress").Index(i)
		problems = append(problems, validatePorts(rule.Ports, at.Child("ports"))...)
		problems = append(problems, validatePeers(rule.From, at.Child("from"))...)
	}
	for i, rule := range spec.Egress {
		at := path.Child("egress").Index(i)
		problems = append(problems, validatePorts(rule.Ports, at.Child("ports"))...)
		problems = append(problems, validatePeers(rule.To, at.Child("to"))...)
	}
	if len(spec.PolicyTypes) > 2 {
		problems = append(problems, field.TooMany(path.Child("policyTypes"), len(spec.PolicyTypes), 2))
	}
	known := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	for i, direction := range spec.PolicyTypes {
		if direction != known[0] && direction != known[1] {
			problems = append(problems, field.NotSupported(path.Child("policyTypes").Index(i), direction, known))
		}
	}
	return problems
}

func validatePorts(ports []networkingv1.NetworkPolicyPort, path *field.Path) field.ErrorList {
	var problems field.ErrorList
	for i, port := range ports {
		at := path.Index(i)
		problems = append(problems, validateProtocol(*port.Protocol, at.Child("protocol"))...)
		problems = append(problems, validatePortNumbers(port, at)...)
	}
	return problems
}

func validatePortNumbers(port networkingv1.NetworkPolicyPort, path *field.Path) field.ErrorList {
	var problems field.ErrorList
	switch {
	case port.Port == nil:
		if port.EndPort != nil {
			problems = append(problems, field.Required(path.Child("port"), "endPort needs port"))
		}
	case port.Port.Type == intstr.String:
		for _, reason := range validation.IsValidPortName(port.Port.StrVal) {
			problems = append(problems, field.Invalid(path.Child("port"), port.Port.StrVal, reason))
		}
		if port.EndPort != nil {
			problems = append(problems, field.Invalid(path.Child("endPort"), *port.EndPort, "not with a named port"))
		}
	default:
		for _, reason := range validation.IsValidPortNum(port.Port.IntValue()) {
			problems = append(problems, field.Invalid(path.Child("port"), port.Port.IntVal, reason))
		}
		if port.EndPort == nil {
			break
		}
		if *port.EndPort < port.Port.IntVal {
			problems = append(problems, field.Invalid(path.Child("endPort"), *port.EndPort, "must not be below port"))
		}
		for _, reason := range validation.IsValidPortNum(int(*port.EndPort)) {
			problems = append(problems, field.Invalid(path.Child("endPort"), *port.EndPort, reason))
		}
	}
	return problems
}

func validatePeers(peers []networkingv1.NetworkPolicyPeer, path *field.Path) field.ErrorList {
	var problems field.ErrorList
	for i, peer := range peers {
		at := path.Index(i)
		if peer.PodSelector != nil {
			problems = append(problems, metavalidation.ValidateLabelSelector(peer.PodSelector, noOptions, at.Child("podSelector"))...)
		}
		if peer.NamespaceSelector != nil {
			problems = append(problems, metavalidation.ValidateLabelSelector(peer.NamespaceSelector, noOptions, at.Child("namespaceSelector"))...)
		}
		switch selects := peer.PodSelector != nil || peer.NamespaceSelector != nil; {
		case peer.IPBlock == nil && !selects:
			problems = append(problems, field.Required(at, "must specify a peer"))
		case peer.IPBlock != nil && selects:
			problems = append(problems, field.Forbidden(at, "may not specify both ipBlock and another peer"))
		case peer.IPBlock != nil:
			problems = append(problems, validateBlock(peer.IPBlock, at.Child("ipBlock"))...)
		}
	}
	return problems
}

func validateBlock(block *networkingv1.IPBlock, path *field.Path) field.ErrorList {
	outer, problems := readBlock(block.CIDR, path.Child("cidr"))
	for i, except := range block.Except {
		at := path.Child("except").Index(i)
		inner, invalid := readBlock(except, at)
		problems = append(problems, invalid...)
		if outer == nil || inner == nil {
			continue
		}
		outerLength, _ := outer.Mask.Size()
		innerLength, _ := inner.Mask.Size()
		if !outer.Contains(inner.IP) || innerLength <= outerLength {
			problems = append(problems, field.Invalid(at, except, "must be a strict subset of cidr"))
		}
	}
	return problems
}

// readBlock takes what API servers took before strict validation of addresses, host bits among it, except for leading
// zeros: the evaluator cannot read those and would allow.
func readBlock(text string, path *field.Path) (*net.IPNet, field.ErrorList) {
	if problems := validation.IsValidCIDRForLegacyField(path, text, false, nil); len(problems) > 0 {
		return nil, problems
	}
	_, block, err := net.ParseCIDR(text)
	if err != nil {
		return nil, field.ErrorList{field.Invalid(path, text, err.Error())}
	}
	return block, nil
}

func validateProtocol(protocol corev1.Protocol, path *field.Path) field.ErrorList {
	switch protocol {
	case corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP:
		return nil
	}
	known := []corev1.Protocol{corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP}
	return field.ErrorList{field.NotSupported(path, protocol, known)}
}

// validateKind lets an object leave out what its place in the request says already.
func validateKind(meta *metav1.TypeMeta, apiVersion, kind string) field.ErrorList {
	if (meta.Kind == "" && meta.APIVersion == "") || (meta.Kind == kind && meta.APIVersion == apiVersion) {
		return nil
	}
	is := fmt.Sprintf("%s %s", meta.APIVersion, meta.Kind)
	return field.ErrorList{field.Invalid(field.NewPath("kind"), is, fmt.Sprintf("must be %s %s", apiVersion, kind))}
}
