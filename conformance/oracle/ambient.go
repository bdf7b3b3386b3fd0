package main

import (
	"encoding/json"
	"fmt"
	_ "unsafe" // for go:linkname

	securityapi "istio.io/api/security/v1beta1"
	security "istio.io/client-go/pkg/apis/security/v1"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/labels"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/util/protomarshal"
	workloadsecurity "istio.io/istio/pkg/workloadapi/security"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// answerAmbient has istiod choose and convert what ztunnel is told about a
// workload.
func answerAmbient(request Request) (Answer, error) {
	// The conversion expects what validation takes: a rule's `from: [{}]` ends the process.
	if _, err := storeOf(request.Objects); err != nil {
		return Answer{}, err
	}
	var authorizations []*security.AuthorizationPolicy
	var authentications []*security.PeerAuthentication
	for _, raw := range request.Objects {
		each, err := configOf(raw)
		if err != nil {
			return Answer{}, err
		}
		meta := metav1.ObjectMeta{
			Namespace:         each.Namespace,
			Name:              each.Name,
			Annotations:       each.Annotations,
			CreationTimestamp: metav1.NewTime(each.CreationTimestamp),
		}
		switch each.GroupVersionKind {
		case gvk.AuthorizationPolicy:
			policy := &security.AuthorizationPolicy{ObjectMeta: meta}
			if err := copySpec(each, &policy.Spec); err != nil {
				return Answer{}, err
			}
			authorizations = append(authorizations, policy)
		case gvk.PeerAuthentication:
			policy := &security.PeerAuthentication{ObjectMeta: meta}
			if err := copySpec(each, &policy.Spec); err != nil {
				return Answer{}, err
			}
			authentications = append(authentications, policy)
		}
	}
	stop := make(chan struct{})
	defer close(stop)
	options := krt.NewOptionsBuilder(stop, "oracle", nil)
	settings := ambient.MeshConfig{MeshConfig: meshConfigOf(request.Mesh)}
	derived, all := ambient.PolicyCollections(
		krt.NewStaticCollection(nil, authorizations, krt.WithStop(stop)),
		krt.NewStaticCollection(nil, authentications, krt.WithStop(stop)),
		krt.NewStatic(&settings, true, krt.WithStop(stop)),
		krt.NewStaticCollection[ambient.Waypoint](nil, nil, krt.WithStop(stop)),
		options,
		ambient.FeatureFlags{},
	)
	if !all.WaitUntilSynced(stop) || !derived.WaitUntilSynced(stop) {
		return Answer{}, fmt.Errorf("the conversion did not end")
	}
	answer := Answer{}
	add := func(each model.WorkloadAuthorization) error {
		text, err := protomarshal.ToJSON(each.Authorization)
		answer.Policies = append(answer.Policies, json.RawMessage(text))
		return err
	}
	for _, each := range derived.List() {
		if each.Authorization != nil && isFor(each, request) {
			if err := add(each); err != nil {
				return Answer{}, err
			}
		}
	}
	for _, key := range convertedSelectorPeerAuthentications(
		request.Mesh.RootNamespace,
		authenticationsFor(authentications, request),
	) {
		each := all.GetKey(key)
		// Istiod may name a policy that its conversion leaves out: ztunnel looks
		// for it in vain, and enforces nothing by it.
		if each == nil {
			continue
		}
		if err := add(*each); err != nil {
			return Answer{}, err
		}
	}
	return answer, nil
}

// convertedSelectorPeerAuthentications is istiod's own choice of the policies
// that PeerAuthentications come to for a workload.
//
//go:linkname convertedSelectorPeerAuthentications istio.io/istio/pilot/pkg/serviceregistry/ambient.convertedSelectorPeerAuthentications
func convertedSelectorPeerAuthentications(rootNamespace string, configs []*security.PeerAuthentication) []string

// isFor says whether a policy is sent for the workload: by its scope, and by
// its selector in the workload's namespace or the root one.
func isFor(each model.WorkloadAuthorization, request Request) bool {
	own := request.Workload.Namespace
	switch each.Authorization.Scope {
	case workloadsecurity.Scope_GLOBAL:
		return true
	case workloadsecurity.Scope_NAMESPACE:
		return each.Authorization.Namespace == own
	}
	namespace := each.Authorization.Namespace
	return (namespace == own || namespace == request.Mesh.RootNamespace) &&
		labels.Instance(each.LabelSelector.Labels).SubsetOf(request.Workload.Labels)
}

func authenticationsFor(all []*security.PeerAuthentication, request Request) []*security.PeerAuthentication {
	var found []*security.PeerAuthentication
	for _, each := range all {
		selector := each.Spec.GetSelector()
		isMesh := each.Namespace == request.Mesh.RootNamespace && selector == nil
		isNear := each.Namespace == request.Workload.Namespace &&
			labels.Instance(selector.GetMatchLabels()).SubsetOf(request.Workload.Labels)
		if isMesh || isNear {
			found = append(found, each)
		}
	}
	return found
}

// copySpec puts the specification where the typed object has it.
func copySpec[T *securityapi.AuthorizationPolicy | *securityapi.PeerAuthentication](from *config.Config, to T) error {
	text, err := config.ToRaw(from.Spec)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
