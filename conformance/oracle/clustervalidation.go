package main

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// clusterProblems is why there can be no such cluster, or why a question about it would be ambiguous: the evaluator finds
// a pod by the text of its address, and would take one that it does not find for somebody outside.
func clusterProblems(request Request) field.ErrorList {
	namespaces, problems := namespaceProblems(request.Namespaces)
	names := sets.New[string]()
	addresses := sets.New[string]()
	for i, pod := range request.Pods {
		path := field.NewPath("pods").Index(i)
		problems = append(problems, podProblems(pod, path)...)
		if !namespaces.Has(pod.Namespace) {
			problems = append(problems, field.NotFound(path.Child("namespace"), pod.Namespace))
		}
		if key := pod.Namespace + "/" + pod.Name; names.Has(key) {
			problems = append(problems, field.Duplicate(path.Child("name"), key))
		} else {
			names.Insert(key)
		}
		if addresses.Has(pod.IP) {
			problems = append(problems, field.Duplicate(path.Child("ip"), pod.IP))
		}
		addresses.Insert(pod.IP)
	}
	return problems
}

func namespaceProblems(namespaces []Namespace) (sets.Set[string], field.ErrorList) {
	var problems field.ErrorList
	names := sets.New[string]()
	for i, namespace := range namespaces {
		path := field.NewPath("namespaces").Index(i)
		for _, reason := range apivalidation.ValidateNamespaceName(namespace.Name, false) {
			problems = append(problems, field.Invalid(path.Child("name"), namespace.Name, reason))
		}
		if names.Has(namespace.Name) {
			problems = append(problems, field.Duplicate(path.Child("name"), namespace.Name))
		}
		names.Insert(namespace.Name)
		problems = append(problems, metavalidation.ValidateLabels(namespace.Labels, path.Child("labels"))...)
	}
	return names, problems
}

func podProblems(pod Pod, path *field.Path) field.ErrorList {
	problems := metavalidation.ValidateLabels(pod.Labels, path.Child("labels"))
	for _, reason := range apivalidation.NameIsDNSSubdomain(pod.Name, false) {
		problems = append(problems, field.Invalid(path.Child("name"), pod.Name, reason))
	}
	problems = append(problems, addressProblems(pod.IP, path.Child("ip"))...)
	for i, port := range pod.Ports {
		at := path.Child("ports").Index(i)
		problems = append(problems, portNumberProblems(int(port.Port), at.Child("port"))...)
		if port.Name != "" {
			for _, reason := range validation.IsValidPortName(port.Name) {
				problems = append(problems, field.Invalid(at.Child("name"), port.Name, reason))
			}
		}
		problems = append(problems, validateProtocol(corev1.Protocol(port.Protocol), at.Child("protocol"))...)
	}
	return problems
}

// connectionProblems is why a call cannot be asked about. To the evaluator, port 0 is every named port.
func connectionProblems(call Connection) field.ErrorList {
	problems := addressProblems(call.From, field.NewPath("from"))
	problems = append(problems, addressProblems(call.To, field.NewPath("to"))...)
	problems = append(problems, portNumberProblems(call.Port, field.NewPath("port"))...)
	problems = append(problems, validateProtocol(corev1.Protocol(call.Protocol), field.NewPath("protocol"))...)
	if len(problems) == 0 && netip.MustParseAddr(call.From).Is4() != netip.MustParseAddr(call.To).Is4() {
		problems = append(problems, field.Invalid(field.NewPath("to"), call.To, "is of another address family than from"))
	}
	return problems
}

func addressProblems(address string, path *field.Path) field.ErrorList {
	if problems := validation.IsValidIP(path, address); len(problems) > 0 {
		return problems
	}
	if netip.MustParseAddr(address).String() != address {
		return field.ErrorList{field.Invalid(path, address, "must be in canonical form")}
	}
	return nil
}

func portNumberProblems(port int, path *field.Path) field.ErrorList {
	var problems field.ErrorList
	for _, reason := range validation.IsValidPortNum(port) {
		problems = append(problems, field.Invalid(path, port, reason))
	}
	return problems
}
