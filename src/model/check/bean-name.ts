/** A member's name as the service's older texts spell it: "tableName", and by the same rule "sSESpecification". */
export function beanName(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
