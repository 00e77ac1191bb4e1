const browsers = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]] as const;
const systems = [["Windows", "Windows"], ["Android", "Android"], ["iPhone", "an iPhone"], ["iPad", "an iPad"], ["Mac OS X", "a Mac"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]] as const;

/** What a browser says of itself in the words of people, "Firefox on Windows"; what is not known is told as it came. */
export function agentName(agent: string): string {
  const find = (all: typeof browsers | typeof systems) => all.find(([mark]) => agent.includes(mark))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  return browser && system ? `${browser} on ${system}` : agent;
}
