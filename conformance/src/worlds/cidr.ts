/** Whether a block of IPv4 addresses, such as `10.0.0.0/8`, has an address. Blocks of IPv6 have none of them. */
export function cidrHas(cidr: string, address: string): boolean {
  const number = (text: string) =>
    text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base, length] = cidr.split('/');
  if (base.includes(':')) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
