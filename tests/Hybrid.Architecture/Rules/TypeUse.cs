using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Hybrid.Architecture.Rules;

/// <summary>Which types a type uses: in its signatures, in the bodies of its methods, and in whatever the compiler made of it.</summary>
internal static class TypeUse
{
    /// <summary>Full names (nested ones with <c>/</c>) of every type that this one and its nested types mention.</summary>
    public static IReadOnlySet<string> Of(TypeDefinition type)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        Visit(type, used);
        return used;
    }

    private static void Visit(TypeDefinition type, HashSet<string> used)
    {
        Add(type.BaseType, used);
        foreach (var contract in type.Interfaces) Add(contract.InterfaceType, used);
        foreach (var attribute in type.CustomAttributes) Add(attribute, used);
        foreach (var field in type.Fields) Add(field.FieldType, used);
        foreach (var property in type.Properties) Add(property.PropertyType, used);
        foreach (var method in type.Methods)
        {
            Add(method.ReturnType, used);
            foreach (var parameter in method.Parameters) Add(parameter.ParameterType, used);
            foreach (var attribute in method.CustomAttributes) Add(attribute, used);
            if (!method.HasBody) continue;
            foreach (var variable in method.Body.Variables) Add(variable.VariableType, used);
            foreach (var instruction in method.Body.Instructions) Add(instruction, used);
        }

        foreach (var nested in type.NestedTypes) Visit(nested, used);
    }

    private static void Add(Instruction instruction, HashSet<string> used)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(type, used);
                break;
            case MethodReference method:
                Add(method.DeclaringType, used);
                Add(method.ReturnType, used);
                foreach (var parameter in method.Parameters) Add(parameter.ParameterType, used);
                if (method is GenericInstanceMethod generic) foreach (var argument in generic.GenericArguments) Add(argument, used);
                break;
            case FieldReference field:
                Add(field.DeclaringType, used);
                Add(field.FieldType, used);
                break;
        }
    }

    private static void Add(CustomAttribute attribute, HashSet<string> used)
    {
        Add(attribute.AttributeType, used);
        foreach (var argument in attribute.ConstructorArguments.Select(a => a.Value).OfType<TypeReference>()) Add(argument, used);
    }

    private static void Add(TypeReference? type, HashSet<string> used)
    {
        while (type is not null)
        {
            if (type is GenericInstanceType generic) foreach (var argument in generic.GenericArguments) Add(argument, used);
            if (type is TypeSpecification specified)
            {
                type = specified.ElementType;
                continue;
            }

            if (!used.Add(type.FullName)) return;
            type = type.DeclaringType;
        }
    }
}
