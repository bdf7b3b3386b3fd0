package main

import (
	"encoding/json"
	"fmt"
	_ "unsafe" // for go:linkname

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/network"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
)

// answerWaypoints has istiod choose the waypoint of each Service.
func answerWaypoints(request Request) (Answer, error) {
	stop := make(chan struct{})
	defer close(stop)
	options := krt.WithStop(stop)
	address := gateway.IPAddressType
	toWaypoint := gatewayToWaypointTransform(
		krt.NewStaticCollection[*corev1.Pod](nil, nil, options),
		krt.NewStaticCollection[*gateway.GatewayClass](nil, nil, options),
		func(krt.HandlerContext) network.ID { return "" },
	)
	var waypoints []ambient.Waypoint
	for _, raw := range request.Objects {
		each := &gateway.Gateway{}
		if err := json.Unmarshal(raw, each); err != nil {
			return Answer{}, err
		}
		// One that is not ready has no address, and istiod does not know it.
		each.Status.Addresses = []gateway.GatewayStatusAddress{{Type: &address, Value: "127.0.0.1"}}
		found := toWaypoint(krt.TestingDummyContext{}, each)
		if found == nil {
			return Answer{}, fmt.Errorf("Gateway %s/%s is no waypoint", each.Namespace, each.Name)
		}
		waypoints = append(waypoints, *found)
	}
	var namespaces []*corev1.Namespace
	for _, each := range request.Namespaces {
		labels := map[string]string{corev1.LabelMetadataName: each.Name}
		for name, value := range each.Labels {
			labels[name] = value
		}
		namespaces = append(namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: each.Name, Labels: labels}})
	}
	ofAll := krt.NewStaticCollection(nil, waypoints, options)
	inNamespaces := krt.NewStaticCollection(nil, namespaces, options)
	answer := Answer{Waypoints: make([]string, len(request.Services))}
	for index, each := range request.Services {
		found, _ := fetchWaypointForService(krt.TestingDummyContext{}, ofAll, inNamespaces, nil, metav1.ObjectMeta{
			Namespace: each.Namespace,
			Name:      each.Name,
			Labels:    each.Labels,
		})
		if found != nil {
			answer.Waypoints[index] = found.ResourceName()
		}
	}
	return answer, nil
}

// gatewayToWaypointTransform is how istiod reads a Gateway: whom it serves, and whom its listener admits.
//
//go:linkname gatewayToWaypointTransform istio.io/istio/pilot/pkg/serviceregistry/ambient.gatewayToWaypointTransform
func gatewayToWaypointTransform(
	pods krt.Collection[*corev1.Pod],
	classes krt.Collection[*gateway.GatewayClass],
	networkOf func(krt.HandlerContext) network.ID,
) func(krt.HandlerContext, *gateway.Gateway) *ambient.Waypoint

// fetchWaypointForService is istiod's own choice.
//
//go:linkname fetchWaypointForService istio.io/istio/pilot/pkg/serviceregistry/ambient.fetchWaypointForService
func fetchWaypointForService(
	ctx krt.HandlerContext,
	waypoints krt.Collection[ambient.Waypoint],
	namespaces krt.Collection[*corev1.Namespace],
	visibility krt.Singleton[model.ServiceEntryVisibilityMatcher],
	service metav1.ObjectMeta,
) (*ambient.Waypoint, *model.StatusMessage)
