package main

import (
	"encoding/json"
	"fmt"

	securityapi "istio.io/api/security/v1beta1"
	security "istio.io/client-go/pkg/apis/security/v1"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/gvk"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/util/protomarshal"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// answerAmbient has istiod convert policies for ztunnel.
func answerAmbient(request Request) (Answer, error) {
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
	_, all := ambient.PolicyCollections(
		krt.NewStaticCollection(nil, authorizations, krt.WithStop(stop)),
		krt.NewStaticCollection(nil, authentications, krt.WithStop(stop)),
		krt.NewStatic(&settings, true, krt.WithStop(stop)),
		krt.NewStaticCollection[ambient.Waypoint](nil, nil, krt.WithStop(stop)),
		options,
		ambient.FeatureFlags{},
	)
	if !all.WaitUntilSynced(stop) {
		return Answer{}, fmt.Errorf("the conversion did not end")
	}
	answer := Answer{}
	for _, each := range all.List() {
		if each.Authorization == nil {
			continue
		}
		text, err := protomarshal.ToJSON(each.Authorization)
		if err != nil {
			return Answer{}, err
		}
		answer.Policies = append(answer.Policies, ZtunnelPolicy{
			Namespace: each.Authorization.Namespace,
			Labels:    each.LabelSelector.Labels,
			Policy:    json.RawMessage(text),
		})
	}
	return answer, nil
}

// copySpec puts the specification where the typed object has it.
func copySpec[T *securityapi.AuthorizationPolicy | *securityapi.PeerAuthentication](from *config.Config, to T) error {
	text, err := config.ToRaw(from.Spec)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}
