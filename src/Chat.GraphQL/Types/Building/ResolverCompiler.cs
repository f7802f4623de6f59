using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Chat.GraphQL;

/// <summary>
/// Compiles resolvers to delegates, so that no request pays for reflection. A delegate takes the parent and the values
/// of the method's other parameters.
/// </summary>
internal static class ResolverCompiler
{
    private static readonly MethodInfo FromTask =
        typeof(ResolverCompiler).GetMethod(nameof(AsValueTask), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static readonly MethodInfo FromEvents =
        typeof(ResolverCompiler).GetMethod(nameof(Box), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static FieldResolver Compile(PropertyInfo property, ClrTypeShape shape, GraphQLType type)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var target = property.GetMethod!.IsStatic ? null : Expression.Convert(parent, property.DeclaringType!);
        return Create(Expression.Property(target, property), shape, type, parent, Bound(), []);
    }

    /// <summary>Compiles a method.</summary>
    /// <param name="method">A static method.</param>
    /// <param name="shape">What it returns.</param>
    /// <param name="type">The field's type.</param>
    /// <param name="parameters">Where each parameter comes from; null is the parent.</param>
    public static FieldResolver Compile(
        MethodInfo method, ClrTypeShape shape, GraphQLType type, IReadOnlyList<ParameterBinding?> parameters)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var bound = Bound();
        var call = Call(method, parameters, parent, bound, out var bindings);
        return Create(call, shape, type, parent, bound, bindings);
    }

    /// <summary>Compiles the method that makes a subscription's source stream.</summary>
    public static SourceStream CompileSource(MethodInfo method, IReadOnlyList<ParameterBinding?> parameters)
    {
        var parent = Expression.Parameter(typeof(object), "parent");
        var bound = Bound();
        Expression call = Call(method, parameters, parent, bound, out var bindings);
        var returned = method.ReturnType;
        if (!returned.IsGenericType || returned.GetGenericTypeDefinition() != typeof(ValueTask<>))
        {
            call = returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>)
                ? Expression.Call(FromTask.MakeGenericMethod(returned.GetGenericArguments()), call)
                : Expression.New(typeof(ValueTask<>).MakeGenericType(returned).GetConstructor([returned])!, call);
        }

        var stream = call.Type.GetGenericArguments()[0];
        var box = FromEvents.MakeGenericMethod(stream, EventOf(stream)!);
        var open = Expression.Lambda<Func<object?, object?[], ValueTask<IAsyncEnumerable<object?>>>>(
            Expression.Call(box, call), parent, bound);
        return new SourceStream(open.Compile(), bindings);
    }

    /// <summary>The type of the events of an <see cref="IAsyncEnumerable{T}"/>; null for other types.</summary>
    public static Type? EventOf(Type stream) => stream.GetInterfaces().Append(stream).FirstOrDefault(
        type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
        ?.GetGenericArguments()[0];

    private static ParameterExpression Bound() => Expression.Parameter(typeof(object?[]), "bound");

    private static MethodCallExpression Call(
        MethodInfo method, IReadOnlyList<ParameterBinding?> parameters, ParameterExpression parent,
        ParameterExpression bound, out ParameterBinding[] bindings)
    {
        List<ParameterBinding> used = [];
        var arguments = new List<Expression>();
        foreach (var (parameter, binding) in method.GetParameters().Zip(parameters))
        {
            Expression value = parent;
            if (binding is not null)
            {
                value = Expression.ArrayIndex(bound, Expression.Constant(used.Count));
                used.Add(binding);
            }

            arguments.Add(Expression.Convert(value, parameter.ParameterType));
        }

        bindings = [.. used];
        return Expression.Call(method, arguments);
    }

    private static FieldResolver Create(
        Expression body, ClrTypeShape shape, GraphQLType type, ParameterExpression parent, ParameterExpression bound,
        ParameterBinding[] bindings)
    {
        if (shape.Async == AsyncKind.Task)
            body = Expression.Call(FromTask.MakeGenericMethod(shape.Clr), body);
        var isSync = shape.Async == AsyncKind.None;
        var invoke = isSync
            ? Rows(body, shape.Clr, parent, bound)
            : Expression.Lambda(
                typeof(Func<,,>).MakeGenericType(
                    typeof(object), typeof(object?[]), typeof(ValueTask<>).MakeGenericType(shape.Clr)),
                body, parent, bound);
        var resolver = isSync ? typeof(SyncResolver<>) : typeof(AsyncResolver<>);
        return (FieldResolver)Activator.CreateInstance(
            resolver.MakeGenericType(shape.Clr), invoke.Compile(), bindings, Completions.For(shape, type))!;
    }

    /// <summary>A <see cref="RowsResolver{T}"/>: the loop is compiled together with what it does.</summary>
    private static LambdaExpression Rows(
        Expression body, Type clr, ParameterExpression parent, ParameterExpression bound)
    {
        var parents = Expression.Parameter(typeof(object?[]), "parents");
        var values = Expression.Parameter(clr.MakeArrayType(), "values");
        var row = Expression.Parameter(typeof(int).MakeByRefType(), "row");
        var end = Expression.Label();
        var loop = Expression.Loop(
            Expression.IfThenElse(
                Expression.LessThan(row, Expression.ArrayLength(parents)),
                Expression.Block(
                    Expression.Assign(parent, Expression.ArrayIndex(parents, row)),
                    Expression.Assign(Expression.ArrayAccess(values, row), body),
                    Expression.PreIncrementAssign(row)),
                Expression.Break(end)),
            end);
        return Expression.Lambda(
            typeof(RowsResolver<>).MakeGenericType(clr), Expression.Block([parent], loop),
            parents, bound, values, row);
    }

    private static ValueTask<T> AsValueTask<T>(Task<T> task) => new(task);

    private static async ValueTask<IAsyncEnumerable<object?>> Box<TStream, T>(ValueTask<TStream> opening)
        where TStream : IAsyncEnumerable<T>
    {
        IAsyncEnumerable<T> events = await opening;
        return events as IAsyncEnumerable<object?> ?? BoxEvents(events);
    }

    private static async IAsyncEnumerable<object?> BoxEvents<T>(
        IAsyncEnumerable<T> events, [EnumeratorCancellation] CancellationToken ct = default)
    {
        await foreach (var current in events.WithCancellation(ct))
            yield return current;
    }
}
