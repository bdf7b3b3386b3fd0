package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/kube-network-policies/pkg/api"
	"sigs.k8s.io/kube-network-policies/pkg/network"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
	"sigs.k8s.io/kube-network-policies/pkg/podinfo"
)

// answerNetworkPolicies asks SIG Network's reference evaluator.
func answerNetworkPolicies(request Request) (Answer, error) {
	if problems := clusterProblems(request); len(problems) > 0 {
		return Answer{}, fmt.Errorf("no such cluster: %w", problems.ToAggregate())
	}
	factory := informers.NewSharedInformerFactory(fake.NewSimpleClientset(), 0)
	namespaces := factory.Core().V1().Namespaces()
	pods := factory.Core().V1().Pods()
	policies := factory.Networking().V1().NetworkPolicies()
	// The index by address has to be there before the pods are.
	resolver, err := podinfo.NewInformerResolver(pods.Informer())
	if err != nil {
		return Answer{}, err
	}
	for _, namespace := range request.Namespaces {
		if err := namespaces.Informer().GetStore().Add(namespaceOf(namespace)); err != nil {
			return Answer{}, err
		}
	}
	for _, pod := range request.Pods {
		if err := pods.Informer().GetStore().Add(podOf(pod)); err != nil {
			return Answer{}, err
		}
	}
	for index, raw := range request.NetworkPolicies {
		policy, err := networkPolicyOf(raw)
		if err != nil {
			return Answer{}, fmt.Errorf("networkPolicies[%d]: %w", index, err)
		}
		if _, known, _ := namespaces.Informer().GetStore().GetByKey(policy.Namespace); !known {
			return Answer{}, fmt.Errorf("networkPolicies[%d]: no namespace %q", index, policy.Namespace)
		}
		if err := policies.Informer().GetStore().Add(policy); err != nil {
			return Answer{}, err
		}
	}
	provider := podinfo.NewInformerProvider(pods, namespaces, nil, []podinfo.IPResolver{resolver})
	standard := networkpolicy.NewStandardNetworkPolicy("node", namespaces, pods, policies)
	verdicts := make([][2]bool, len(request.Calls))
	for index, call := range request.Calls {
		verdicts[index], err = verdictOf(standard, provider, call)
		if err != nil {
			return Answer{}, fmt.Errorf("calls[%d]: %w", index, err)
		}
	}
	return Answer{Verdicts: verdicts}, nil
}

func verdictOf(
	policies *networkpolicy.StandardNetworkPolicy,
	pods api.PodInfoProvider,
	call Connection,
) ([2]bool, error) {
	if problems := connectionProblems(call); len(problems) > 0 {
		return [2]bool{}, problems.ToAggregate()
	}
	packet := &network.Packet{
		Family:  familyOf(call.To),
		SrcIP:   net.ParseIP(call.From),
		DstIP:   net.ParseIP(call.To),
		SrcPort: 40000,
		DstPort: call.Port,
		Proto:   corev1.Protocol(call.Protocol),
	}
	from, _ := pods.GetPodInfoByIP(call.From)
	to, _ := pods.GetPodInfoByIP(call.To)
	passes := func(end *api.PodInfo, ask func() (api.Verdict, error)) (bool, error) {
		// No policy selects what is no pod.
		if end == nil {
			return true, nil
		}
		verdict, err := ask()
		return verdict != api.VerdictDeny, err
	}
	ctx := context.Background()
	egress, err := passes(from, func() (api.Verdict, error) {
		return policies.EvaluateEgress(ctx, packet, from, to)
	})
	if err != nil {
		return [2]bool{}, err
	}
	ingress, err := passes(to, func() (api.Verdict, error) {
		return policies.EvaluateIngress(ctx, packet, from, to)
	})
	return [2]bool{egress, ingress}, err
}

func familyOf(address string) corev1.IPFamily {
	if net.ParseIP(address).To4() == nil {
		return corev1.IPv6Protocol
	}
	return corev1.IPv4Protocol
}

func namespaceOf(namespace Namespace) *corev1.Namespace {
	labels := map[string]string{"kubernetes.io/metadata.name": namespace.Name}
	for name, value := range namespace.Labels {
		labels[name] = value
	}
	// What the API server sets is not for others to say.
	labels["kubernetes.io/metadata.name"] = namespace.Name
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace.Name, Labels: labels}}
}

func podOf(pod Pod) *corev1.Pod {
	ports := make([]corev1.ContainerPort, len(pod.Ports))
	for index, port := range pod.Ports {
		ports[index] = corev1.ContainerPort{
			Name:          port.Name,
			ContainerPort: port.Port,
			Protocol:      corev1.Protocol(port.Protocol),
		}
	}
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, Labels: pod.Labels},
		Spec: corev1.PodSpec{
			NodeName:   "node",
			Containers: []corev1.Container{{Name: "main", Ports: ports}},
		},
		Status: corev1.PodStatus{
			Phase:  corev1.PodRunning,
			PodIP:  pod.IP,
			PodIPs: []corev1.PodIP{{IP: pod.IP}},
		},
	}
}

// networkPolicyOf reads a policy as the API server would store it: with strict
// fields, and with the defaults that the evaluator expects to be set.
func networkPolicyOf(raw json.RawMessage) (*networkingv1.NetworkPolicy, error) {
	policy := &networkingv1.NetworkPolicy{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(policy); err != nil {
		return nil, err
	}
	spec := &policy.Spec
	if len(spec.PolicyTypes) == 0 {
		spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
		if len(spec.Egress) > 0 {
			spec.PolicyTypes = append(spec.PolicyTypes, networkingv1.PolicyTypeEgress)
		}
	}
	for _, rule := range spec.Ingress {
		defaultPorts(rule.Ports)
	}
	for _, rule := range spec.Egress {
		defaultPorts(rule.Ports)
	}
	// Stored empty lists come back as none, which the evaluator tells apart.
	if len(spec.Ingress) == 0 {
		spec.Ingress = nil
	}
	if len(spec.Egress) == 0 {
		spec.Egress = nil
	}
	if problems := networkPolicyProblems(policy); len(problems) > 0 {
		return nil, problems.ToAggregate()
	}
	return policy, nil
}

func defaultPorts(ports []networkingv1.NetworkPolicyPort) {
	tcp := corev1.ProtocolTCP
	for index := range ports {
		if ports[index].Protocol == nil {
			ports[index].Protocol = &tcp
		}
	}
}
