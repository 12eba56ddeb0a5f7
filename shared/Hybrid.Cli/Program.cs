using System.CommandLine;
using Hybrid.Cli.People;

var root = new RootCommand("Hybrid from the command line: what needs neither host, by an API key of a service account.") { PeopleVerbs.People() };
return await root.Parse(args).InvokeAsync();
